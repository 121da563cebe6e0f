### What a supporter reads, in Arabic; see en.ftl.

## Everywhere

skip = الانتقال إلى المحتوى
notice = تنبيه
notice-demo = نسخة تجريبية: لا تُنقل أي أموال حقيقية.
site-name = إهداء بيغل إلى { $creator }
links-website = الموقع الإلكتروني
powered-by = يعمل بواسطة
powered-by-card = { $currency } بالبطاقة
get-your-own = إنشاء صفحة كهذه
languages = اللغات
error-prefix = { "خطأ: " }

## The form

buy-a-bagel = إهداء بيغل إلى { $creator }
problem-heading = هناك مشكلة
resume = لديك تبرّع قيد الإتمام.
resume-link = الاطّلاع على حالته
amounts = أيّ بيغل يعجبك؟
topping-1 = سادة
topping-2 = سمسم
topping-3 = مشكّل
topping-4 = جبن كريمي
topping-more = على أصوله
other-amount = مبلغ آخر
other-amount-topping = وصفتك الخاصة
own-amount = المبلغ الذي تريده بعملة { $currency }
amount-range = من { $least } إلى { $most }
amount-needed = يُرجى كتابة مبلغ من { $least } إلى { $most } بالأرقام.
your-name = اسمك
your-message = رسالة
optional = اختياري
message-limit = الحدّ الأقصى لعدد الأحرف: { $most }
# The browser counts while the message is typed.
message-left = الأحرف المتبقية: { $n }
message-over = الأحرف الزائدة: { $n }
may-be-shown = ما يجوز عرضه للعموم
may-be-shown-hint = ما تختاره فقط. { $creator } يرى كل شيء دائمًا.
show-name = اسمي
show-message = رسالتي
show-amount = المبلغ
how-to-pay = طريقة الدفع
by-card = الدفع بالبطاقة
by-card-hint = تكفي بطاقة ائتمان أو بطاقة خصم
by-stablecoin = الدفع بعملة { $coins }
by-stablecoin-hint = من محفظة عملات رقمية، بعملات مستقرة
not-now = غير متاح الآن: لا ردّ من { $provider }
give = إهداء بيغل
give-amount = إهداء { $amount }
opening = جارٍ فتح صفحة الدفع…
where-money-goes = يتمّ الدفع على صفحة دفع آمنة. ويذهب المال إلى { $creator }.
unreachable = تعذّر الوصول إلى صفحة الدفع، ولم يُدفع أي شيء. يُرجى المحاولة مرة أخرى.

## A pre-filled link with something that cannot be used

prefilled-ignored = تعذّر استخدام بعض ما في هذا الرابط: { $what }. يُرجى التحقّق قبل الإهداء.
# Between two of the things that follow.
prefilled-and = { "، " }
prefilled-amount = المبلغ
prefilled-name = الاسم
prefilled-message = الرسالة
prefilled-provider = طريقة الدفع

## How a donation stands: the heading by its picture

heading-waiting = في انتظار الدفع
heading-on-chain = اقتربنا من النهاية
heading-paid = شكرًا لك!
heading-review = هناك من يراجع الأمر
heading-send-back = مالك في طريق العودة إليك
heading-refused = لم تُقبل الدفعة
heading-under-paid = وصل جزء فقط
heading-cancelled = لا بيغل هذه المرّة
heading-expired = انتهت مهلة صفحة الدفع هذه
heading-failed = لم تتمّ عملية الدفع
heading-unknown = نستوضح الأمر

## How a donation stands: one sentence for each status

status-created = يُرجى الدفع على صفحة الدفع. ستعرف هذه الصفحة بذلك تلقائيًا.
status-viewed = صفحة الدفع مفتوحة. ستعرف هذه الصفحة حين يتمّ الدفع.
status-temp-wallet-received = صفحة الدفع جاهزة. ستعرف هذه الصفحة حين يتمّ الدفع.
status-manual-operation = مزوّد خدمة الدفع يراجع هذه الدفعة. يمكنك إغلاق هذه الصفحة.
status-send-back = يعيد مزوّد خدمة الدفع هذه الدفعة إليك. لا يلزمك فعل شيء، ويمكنك إغلاق هذه الصفحة.
status-on-chain = ظهرت دفعتك على سلسلة الكتل وهي في انتظار التأكيد. يمكنك إغلاق هذه الصفحة.
status-pending = دفعتك قيد المعالجة. يمكنك إغلاق هذه الصفحة.
status-confirmed = تمّ تأكيد دفعتك وتسجيلها.
status-failed = فشلت عملية الدفع. لم يُسجَّل أي شيء على أنه مدفوع؛ يمكنك المحاولة مرة أخرى.
status-rejected = لم يقبل مزوّد خدمة الدفع هذه الدفعة. إن خرج منك مال، فيُرجى سؤال مزوّد خدمة الدفع.
status-underpaid = المبلغ المدفوع أقلّ من المبلغ المطلوب. يُرجى التواصل مع { $creator } أو مع مزوّد خدمة الدفع.
status-canceled = أُلغيت صفحة الدفع. يمكنك المحاولة مرة أخرى متى شئت.
status-timeout = انتهت مهلة صفحة الدفع قبل وصول أي دفعة. يمكنك المحاولة مرة أخرى.
status-review = وصلت الدفعة لكنها تختلف عمّا كان مطلوبًا. وسينظر { $creator } في الأمر.
status-unknown = لم يوضح مزوّد خدمة الدفع هل فُتحت صفحة دفع أم لا. إن كنت قد دفعت، فسيُسجَّل ذلك.

## The donation's own page

slip-amount = المبلغ
slip-to = إلى
slip-provider = الدفع عبر
slip-from = من
slip-message = الرسالة
slip-date = التاريخ
slip-reference = المرجع
transaction = عرض المعاملة على { $explorer }
continue-to-payment = المتابعة إلى الدفع
offline = يبدو أن الاتصال بالإنترنت مقطوع؛ نواصل المحاولة.
busy = يستغرق الردّ وقتًا أطول من المعتاد؛ نواصل المحاولة.
patience = لم يصلنا شيء عن هذه الدفعة بعد. إن كنت قد دفعت، فسيُسجَّل ذلك، ويمكنك إغلاق هذه الصفحة.
check-again = التحقّق مجددًا
looks-again = تتحقّق هذه الصفحة مجددًا كل 10 ثوانٍ.
check-now = التحقّق الآن
share-page = مشاركة هذه الصفحة
address-copied = نُسخ العنوان
print-receipt = طباعة إيصال
give-again = الإهداء مجددًا
try-again = المحاولة مجددًا
back-to-page = العودة إلى الصفحة
own-words = كلماتك ومن يراها
stand-still = إيقاف التحديث التلقائي ريثما أغيّر هذا
save = حفظ
saved-visibility = تم الحفظ. لا يجوز أن يُعرض للعموم إلا ما تم اختياره.
saved-erased = تم محو اسمك ورسالتك.
erase = محو اسمي ورسالتي
erase-what = يُمحى اسمك ورسالتك من هنا نهائيًا، وتبقى الهدية نفسها. أما ما أُرسل من قبل إلى { $creator } أو إلى مزوّد خدمة الدفع فلا يمكن استرجاعه.
erase-now = نعم، امحُهما

## What went wrong

error-title-not-found = سبقتنا نملة
error-title-too-many = لحظة من فضلك
error-title-ours = لم ينجح ذلك
error-title-yours = لا يمكن قبول ذلك
error-wait =
    { $seconds ->
        [zero] يمكنك المحاولة مرة أخرى بعد { $seconds } ثانية.
        [one] يمكنك المحاولة مرة أخرى بعد ثانية واحدة.
        [two] يمكنك المحاولة مرة أخرى بعد ثانيتين.
        [few] يمكنك المحاولة مرة أخرى بعد { $seconds } ثوانٍ.
        [many] يمكنك المحاولة مرة أخرى بعد { $seconds } ثانية.
       *[other] يمكنك المحاولة مرة أخرى بعد { $seconds } ثانية.
    }
error-request = عند مراسلتنا بهذا الشأن، يُرجى ذكر هذا الطلب:
error-cross-site = أُرسل هذا النموذج من موقع آخر. يُرجى فتح الصفحة نفسها والمحاولة مرة أخرى.
error-form = تعذّرت قراءة النموذج. يُرجى فتح الصفحة من جديد وإرساله منها.
error-not-found = لا يوجد شيء على هذا العنوان.
error-method = لا يقبل هذا العنوان هذا النوع من الطلبات.
error-request-slow = استغرق وصول الطلب وقتًا أطول من اللازم. يُرجى المحاولة مرة أخرى.
error-no-intent-id = يُرجى تحديد التبرّع المقصود: ‎/api/status?intent_id=…‎
error-key-invalid = يجب أن يكون مفتاح منع التكرار (idempotency key) معرّف UUID عشوائيًا (الإصدار 4).
error-key-reused = يختلف هذا الطلب عن طلب سابق له مفتاح منع التكرار نفسه (idempotency key). يُرجى استخدام مفتاح جديد.
error-too-large = الطلب أكبر من اللازم.
error-address-too-long = هذا الرابط أطول من اللازم. افتحه من دون ما يلي علامة الاستفهام.
error-media-type = يُرجى إرسال JSON (application/json) أو استخدام نموذج الصفحة نفسها.
error-too-many =
    { $seconds ->
        [zero] كان ذلك سريعًا بعض الشيء. يُرجى الانتظار { $seconds } ثانية ثم المحاولة مرة أخرى.
        [one] كان ذلك سريعًا بعض الشيء. يُرجى الانتظار ثانية واحدة ثم المحاولة مرة أخرى.
        [two] كان ذلك سريعًا بعض الشيء. يُرجى الانتظار ثانيتين ثم المحاولة مرة أخرى.
        [few] كان ذلك سريعًا بعض الشيء. يُرجى الانتظار { $seconds } ثوانٍ ثم المحاولة مرة أخرى.
        [many] كان ذلك سريعًا بعض الشيء. يُرجى الانتظار { $seconds } ثانية ثم المحاولة مرة أخرى.
       *[other] كان ذلك سريعًا بعض الشيء. يُرجى الانتظار { $seconds } ثانية ثم المحاولة مرة أخرى.
    }
error-internal = حدث خطأ ما من جانبنا. يُرجى المحاولة مرة أخرى.
error-provider-refused = لم يتمكّن مزوّد خدمة الدفع من قبول ذلك الآن. لم يُخصم أي مبلغ؛ يُرجى المحاولة مرة أخرى بعد قليل.
error-ledger-down = لا يمكننا تسجيل أي شيء في الوقت الحالي، ولذلك لم يبدأ شيء. يُرجى المحاولة مرة أخرى بعد بضع ثوانٍ.
error-provider-busy = مزوّد خدمة الدفع مشغول. لم يُخصم أي مبلغ؛ يُرجى المحاولة مرة أخرى بعد دقيقة.
error-provider-rests = لا يقبل مزوّد خدمة الدفع أي مدفوعات حاليًا. لم يُخصم أي مبلغ؛ يُرجى المحاولة مرة أخرى لاحقًا.
error-outcome-unknown = لم يردّ مزوّد خدمة الدفع في الوقت المناسب، ولذلك لا توجد صفحة دفع. يُرجى المحاولة مرة أخرى.
error-provider-slow = يستغرق مزوّد خدمة الدفع وقتًا أطول من اللازم للردّ. يُرجى المحاولة مرة أخرى بعد قليل.

## What cannot be taken of the form

amount-too-small = يُرجى كتابة مبلغ لا يقلّ عن { $least }.
amount-too-large = يُرجى كتابة مبلغ لا يزيد على { $most }.
amount-below-provider = لا يقبل مزوّد خدمة الدفع مبلغًا بهذا الصغر. يُرجى اختيار مبلغ أكبر.
amount-not-offered = يُرجى اختيار أحد المبالغ المعروضة في الصفحة.
amount-whole = يُرجى كتابة المبلغ رقمًا بسيطًا، مثل 500.
amount-plain = يُرجى كتابة المبلغ رقمًا بسيطًا، مثل 5 أو 5.25.
amount-no-decimals = يُرجى كتابة مبلغ بلا كسور عشرية: لا كسور في عملة { $currency }.
amount-two-decimals = يُرجى كتابة مبلغ بمنزلتين عشريتين على الأكثر.
name-too-long = يُرجى اختصار الاسم إلى { $most } من الأحرف؛ عدد أحرفه الآن { $found }.
name-unreadable = في الاسم حرف لا يمكن عرضه. يُرجى كتابته من جديد.
message-too-long = يُرجى اختصار الرسالة إلى { $most } من الأحرف؛ عدد أحرفها الآن { $found }.
message-unreadable = في الرسالة حرف لا يمكن عرضه. يُرجى كتابتها من جديد.
provider-unknown = يُرجى اختيار إحدى طرق الدفع المعروضة في الصفحة.
