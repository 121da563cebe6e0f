### What a supporter reads, in Simplified Chinese; see en.ftl.

## Everywhere

skip = 跳到正文
notice = 提示
notice-demo = 演示：不涉及真实资金。
site-name = 请 { $creator } 吃个贝果
links-website = 网站
powered-by = 技术支持：
powered-by-card = 银行卡支付（{ $currency }）
get-your-own = 我也要一个这样的页面
languages = 语言
error-prefix = { "错误：" }

## The form

buy-a-bagel = 请 { $creator } 吃个贝果
problem-heading = 有点问题
resume = 你有一笔赞助正在进行。
resume-link = 看看进展
amounts = 挑个贝果
topping-1 = 原味
topping-2 = 芝麻
topping-3 = 什锦
topping-4 = 奶油奶酪
topping-more = 豪华全配
other-amount = 其他
other-amount-topping = 你的独家配方
own-amount = 自定金额（{ $currency }）
amount-range = { $least } 到 { $most }
amount-needed = 请用数字填写 { $least } 到 { $most } 之间的金额。
your-name = 你的名字
your-message = 留言
optional = 选填
message-limit = 最多 { $most } 个字符
# The browser counts while the message is typed.
message-left = 还可输入字符数：{ $n }
message-over = 超出字符数：{ $n }
may-be-shown = 哪些内容可以公开显示
may-be-shown-hint = 只限勾选的内容。{ $creator } 始终能看到全部内容。
show-name = 我的名字
show-message = 我的留言
show-amount = 金额
how-to-pay = 支付方式
by-card = 用银行卡支付
by-card-hint = 一张信用卡或借记卡就够了
by-stablecoin = 用 { $coins } 支付
by-stablecoin-hint = 从加密钱包，用稳定币支付
not-now = 暂不可用：{ $provider } 没有回应
give = 送个贝果
give-amount = 送出 { $amount }
opening = 正在打开支付页面…
where-money-goes = 你将在安全的支付页面付款。钱会给到 { $creator }。
unreachable = 我们没能连上支付页面，你没有付出任何款项。请再试一次。

## A pre-filled link with something that cannot be used

prefilled-ignored = 这个链接里有些内容用不了：{ $what }。送出前请检查一下。
# Between two of the things that follow.
prefilled-and = { "、" }
prefilled-amount = 金额
prefilled-name = 名字
prefilled-message = 留言
prefilled-provider = 支付方式

## How a donation stands: the heading by its picture

heading-waiting = 等你付款
heading-on-chain = 就快好了
heading-paid = 谢谢你！
heading-review = 正在人工查看
heading-send-back = 你的钱正在退回
heading-refused = 这笔付款未被接受
heading-under-paid = 只到了一部分
heading-cancelled = 这次就不吃贝果啦
heading-expired = 这个支付页面已过期
heading-failed = 付款没有成功
heading-unknown = 我们正在核实

## How a donation stands: one sentence for each status

status-created = 请在支付页面付款。付款后，本页会自动更新。
status-viewed = 支付页面已打开。你付款后，本页会自动更新。
status-temp-wallet-received = 支付页面已准备好。你付款后，本页会自动更新。
status-manual-operation = 支付服务商正在审核这笔付款。你可以关闭本页。
status-send-back = 支付服务商正在把这笔付款退还给你。你不需要做什么，可以关闭本页。
status-on-chain = 已在链上看到你的付款，正在等待确认。你可以关闭本页。
status-pending = 你的付款正在处理。你可以关闭本页。
status-confirmed = 你的付款已确认，也已记录下来。
status-failed = 付款失败。没有任何款项被记为已付；你可以再试一次。
status-rejected = 支付服务商没有接受这笔付款。如果你的钱已经付出，请联系支付服务商。
status-underpaid = 实付金额少于原定金额。请联系 { $creator } 或支付服务商。
status-canceled = 支付页面已被取消。你随时可以再试。
status-timeout = 支付页面在收到付款前就过期了。你可以再试一次。
status-review = 付款已到，但与原定的不一致。{ $creator } 会来查看。
status-unknown = 支付服务商没有说明支付页面是否已打开。如果你付了款，会记录下来的。

## The donation's own page

slip-amount = 金额
slip-to = 送给
slip-provider = 支付服务商
slip-from = 来自
slip-message = 留言
slip-date = 日期
slip-reference = 参考号
transaction = 在 { $explorer } 上查看交易
continue-to-payment = 继续付款
offline = 你好像断网了；我们会继续尝试。
busy = 回应比平时慢；我们会继续尝试。
patience = 我们还没有收到这笔付款的消息。如果你付了款，会记录下来的，你可以关闭本页。
check-again = 再查一次
looks-again = 本页每 10 秒查看一次。
check-now = 现在查看
share-page = 分享此页面
address-copied = 网址已复制
print-receipt = 打印收据
give-again = 再送一次
try-again = 再试一次
back-to-page = 返回页面
own-words = 你的文字，以及谁能看到
stand-still = 修改时先停止自动刷新
save = 保存
saved-visibility = 已保存。只有勾选的内容可以公开显示。
saved-erased = 你的名字和留言已删除。
erase = 删除我的名字和留言
erase-what = 你的名字和留言会从这里永久删除，捐赠本身保留。已经发送给 { $creator } 或支付服务商的内容无法收回。
erase-now = 是的，删除

## What went wrong

error-title-not-found = 蚂蚁抢先了一步
error-title-too-many = 请稍等
error-title-ours = 没能成功
error-title-yours = 这样没法接受
error-wait =
    { $seconds ->
       *[other] { $seconds } 秒后可以再试。
    }
error-request = 如果你为此写信给我们，请注明这个请求编号：
error-cross-site = 这份表单是从别的网站提交的。请直接打开原页面，再试一次。
error-form = 表单无法读取。请重新打开页面，从那里提交。
error-not-found = 这个地址什么也没有。
error-method = 这个地址不接受这类请求。
error-request-slow = 请求太久才送达。请再试一次。
error-no-intent-id = 请说明是哪一笔赞助：/api/status?intent_id=…
error-key-invalid = 幂等键必须是随机 UUID（版本 4）。
error-key-reused = 这个请求与之前使用同一幂等键的请求不同。请换一个新的键。
error-too-large = 请求太大了。
error-address-too-long = 此链接太长。请去掉问号后面的部分再打开。
error-media-type = 请发送 JSON（application/json），或使用页面自带的表单。
error-too-many =
    { $seconds ->
       *[other] 有点太快了。请等 { $seconds } 秒再试。
    }
error-internal = 我们这边出了点问题。请再试一次。
error-provider-refused = 支付服务商暂时无法受理。没有扣款；请稍后再试。
error-ledger-down = 我们暂时无法记录任何内容，所以什么都没有开始。请过几秒再试。
error-provider-busy = 支付服务商正忙。没有扣款；请过一分钟再试。
error-provider-rests = 支付服务商目前不接受付款。没有扣款；请稍后再试。
error-outcome-unknown = 支付服务商没有及时回应，所以没有可用的支付页面。请再试一次。
error-provider-slow = 支付服务商回应太慢。请稍后再试。

## What cannot be taken of the form

amount-too-small = 请填写不低于 { $least } 的金额。
amount-too-large = 请填写不超过 { $most } 的金额。
amount-below-provider = 支付服务商不接受这么小的金额。请选大一点的。
amount-not-offered = 请从页面上的金额中选一个。
amount-whole = 请用纯数字填写金额，例如 500。
amount-plain = 请用纯数字填写金额，例如 5 或 5.25。
amount-no-decimals = 请填写不带小数的金额：{ $currency } 没有小数。
amount-two-decimals = 请填写最多两位小数的金额。
name-too-long = 请把名字缩短到 { $most } 个字符以内；现在有 { $found } 个。
name-unreadable = 名字里有无法显示的字符。请重新输入。
message-too-long = 请把留言缩短到 { $most } 个字符以内；现在有 { $found } 个。
message-unreadable = 留言里有无法显示的字符。请重新输入。
provider-unknown = 请从页面上的支付方式中选一种。
