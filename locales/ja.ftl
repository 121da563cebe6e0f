### What a supporter reads, in Japanese; see en.ftl.

## Everywhere

skip = 本文へ移動
notice = お知らせ
notice-demo = デモ：実際のお金は動きません。
site-name = { $creator }さんにベーグルを差し入れ
links-website = ウェブサイト
powered-by = 決済：
powered-by-card = { $currency }・カード払い
get-your-own = 自分もこんなページを作る
languages = 言語
error-prefix = { "エラー：" }

## The form

buy-a-bagel = { $creator }さんにベーグルを差し入れ
problem-heading = 問題があります
resume = 手続き中のご支援があります。
resume-link = 状況を見る
amounts = ベーグルを選んでください
topping-1 = プレーン
topping-2 = ごま
topping-3 = 全部のせ
topping-4 = チーズ
topping-more = スペシャル
other-amount = その他
other-amount-topping = お好みのレシピ
own-amount = 金額を自由に入力（{ $currency }）
amount-range = { $least }から{ $most }まで
amount-needed = { $least }から{ $most }までの金額を数字で入力してください。
your-name = お名前
your-message = メッセージ
optional = 任意
message-limit = { $most }文字まで
# The browser counts while the message is typed.
message-left = 残り文字数：{ $n }
message-over = 超過文字数：{ $n }
may-be-shown = 公開してよいもの
may-be-shown-hint = チェックを付けたものだけです。{ $creator }さんにはいつもすべてが見えます。
show-name = 名前
show-message = メッセージ
show-amount = 金額
how-to-pay = お支払い方法
by-card = カードで支払う
by-card-hint = クレジットカードかデビットカードがあればOK
by-stablecoin = { $coins }で支払う
by-stablecoin-hint = 暗号資産ウォレットからステーブルコインで
not-now = 今は使えません：{ $provider }から応答がありません
give = ベーグルを差し入れる
give-amount = { $amount }を贈る
opening = 決済ページを開いています…
where-money-goes = お支払いは安全な決済ページで行います。お金は{ $creator }さんに届きます。
unreachable = 決済ページに接続できませんでした。お支払いは行われていません。もう一度お試しください。

## A pre-filled link with something that cannot be used

prefilled-ignored = このリンクの内容の一部は使えませんでした：{ $what }。贈る前にご確認ください。
# Between two of the things that follow.
prefilled-and = { "、" }
prefilled-amount = 金額
prefilled-name = お名前
prefilled-message = メッセージ
prefilled-provider = お支払い方法

## How a donation stands: the heading by its picture

heading-waiting = お支払いを待っています
heading-on-chain = あと少しです
heading-paid = ありがとうございます！
heading-review = 人が内容を確認しています
heading-send-back = お金が戻ってきます
heading-refused = お支払いを受付できませんでした
heading-under-paid = 一部だけ届きました
heading-cancelled = 今回はベーグルなし
heading-expired = この決済ページは期限切れです
heading-failed = お支払いが完了しませんでした
heading-unknown = 確認しています

## How a donation stands: one sentence for each status

status-created = 決済ページでお支払いください。お支払いは自動でこのページに反映されます。
status-viewed = 決済ページが開いています。お支払いが済むと、このページに反映されます。
status-temp-wallet-received = 決済ページの準備ができました。お支払いが済むと、このページに反映されます。
status-manual-operation = 決済会社がこのお支払いを確認しています。このページは閉じてもかまいません。
status-send-back = 決済会社がこのお支払いを返金しています。何もする必要はありません。このページは閉じて構いません。
status-on-chain = お支払いはブロックチェーン上で確認できており、承認待ちです。このページは閉じてもかまいません。
status-pending = お支払いを処理しています。このページは閉じてもかまいません。
status-confirmed = お支払いは確定し、記録されました。
status-failed = お支払いに失敗しました。支払い済みとしては何も記録されていません。もう一度お試しいただけます。
status-rejected = 決済会社がこのお支払いを受け付けませんでした。お金が引き落とされている場合は、決済会社にお問い合わせください。
status-underpaid = お支払い額が、指定された金額より少なくなっています。{ $creator }さんか決済会社にご連絡ください。
status-canceled = 決済ページでの手続きはキャンセルされました。いつでもまたお試しいただけます。
status-timeout = お支払いが届く前に、決済ページの期限が切れました。もう一度お試しいただけます。
status-review = お支払いは届きましたが、指定された内容と異なっています。{ $creator }さんが確認します。
status-unknown = 決済ページが開かれたかどうか、決済会社から回答がありませんでした。お支払い済みの場合は記録されます。

## The donation's own page

slip-amount = 金額
slip-to = 贈る相手
slip-provider = 決済会社
slip-from = 贈り主
slip-message = メッセージ
slip-date = 日付
slip-reference = 照会番号
transaction = { $explorer }で取引を見る
continue-to-payment = お支払いへ進む
offline = オフラインのようです。接続を試し続けています。
busy = 応答にいつもより時間がかかっています。引き続き試しています。
patience = このお支払いについて、まだ連絡が届いていません。お支払い済みの場合は記録されますので、このページは閉じてもかまいません。
check-again = もう一度確認
looks-again = このページは10秒ごとに確認します。
check-now = 今すぐ確認
share-page = このページを共有する
address-copied = アドレスをコピーしました
print-receipt = 控えを印刷する
give-again = もう一度贈る
try-again = もう一度試す
back-to-page = ページに戻る
own-words = あなたの言葉と、それが見える人
stand-still = 変更している間は、再確認を止める
save = 保存する
saved-visibility = 保存しました。公開してよいのは、チェックを付けたものだけです。
saved-erased = お名前とメッセージを消去しました。
erase = 名前とメッセージを消去する
erase-what = お名前とメッセージは、ここから完全に消去されます。ご支援そのものは残ります。すでに { $creator }さんや決済会社に送られたものは、取り戻せません。
erase-now = はい、消去します

## What went wrong

error-title-not-found = アリに先を越されました
error-title-too-many = 少々お待ちください
error-title-ours = うまくいきませんでした
error-title-yours = このままでは受け付けられません
error-wait =
    { $seconds ->
       *[other] { $seconds }秒後にもう一度お試しいただけます。
    }
error-request = お問い合わせの際は、このリクエスト番号をお知らせください：
error-cross-site = このフォームは別のサイトから送信されました。元のページを直接開いて、もう一度お試しください。
error-form = フォームを読み取れません。ページを開き直して、そこから送信してください。
error-not-found = このアドレスには何もありません。
error-method = このアドレスでは、その種類のリクエストは受け付けていません。
error-request-slow = リクエストの到着に時間がかかりすぎました。もう一度お試しください。
error-no-intent-id = どのご支援かを指定してください：/api/status?intent_id=…
error-key-invalid = 冪等キーはランダムなUUID（バージョン4）でなければなりません。
error-key-reused = このリクエストは、同じ冪等キーを使った以前のリクエストと内容が異なります。新しいキーを使ってください。
error-too-large = リクエストが大きすぎます。
error-address-too-long = このリンクは長すぎます。疑問符（?）より後ろを除いて開いてください。
error-media-type = JSON（application/json）か、このページのフォームで送信してください。
error-too-many =
    { $seconds ->
       *[other] 少し急ぎすぎのようです。{ $seconds }秒待ってから、もう一度お試しください。
    }
error-internal = こちら側で問題が起きました。もう一度お試しください。
error-provider-refused = 決済会社が今は受け付けられませんでした。請求は発生していません。少ししてからもう一度お試しください。
error-ledger-down = 現在こちらで記録ができないため、手続きは何も始まっていません。数秒後にもう一度お試しください。
error-provider-busy = 決済会社が混み合っています。請求は発生していません。1分ほどしてからもう一度お試しください。
error-provider-rests = 決済会社が現在お支払いを受け付けていません。請求は発生していません。時間をおいてもう一度お試しください。
error-outcome-unknown = 決済会社から時間内に応答がなかったため、決済ページをご用意できませんでした。もう一度お試しください。
error-provider-slow = 決済会社の応答に時間がかかりすぎています。少ししてからもう一度お試しください。

## What cannot be taken of the form

amount-too-small = { $least }以上の金額を入力してください。
amount-too-large = { $most }以下の金額を入力してください。
amount-below-provider = 決済会社では、この少額のお支払いを受け付けていません。もう少し大きい金額を選んでください。
amount-not-offered = ページにある金額から選んでください。
amount-whole = 金額は500のように、数字だけで入力してください。
amount-plain = 金額は5や5.25のように、数字だけで入力してください。
amount-no-decimals = 小数なしの金額を入力してください。{ $currency }には小数がありません。
amount-two-decimals = 金額は小数点以下2桁までで入力してください。
name-too-long = お名前を{ $most }文字以内に短くしてください（現在{ $found }文字）。
name-unreadable = お名前に表示できない文字が含まれています。もう一度入力してください。
message-too-long = メッセージを{ $most }文字以内に短くしてください（現在{ $found }文字）。
message-unreadable = メッセージに表示できない文字が含まれています。もう一度入力してください。
provider-unknown = ページにあるお支払い方法から選んでください。
