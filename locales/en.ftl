### What a supporter reads, in English: the file every other language follows.
###
### One sentence a key. { $… } is filled in by the program; the tests tell when a
### key or a value is missing in a language. { $creator } is the creator's name,
### { $amount } such as "$5.00", { "{n}" } stands for a number the browser fills in.

## Everywhere

skip = Skip to the content
notice = Notice
notice-demo = Demo: no real money moves.
site-name = Buy { $creator } a bagel
links-website = Website
powered-by = Powered by
powered-by-card = { $currency } by card
get-your-own = Get a page like this
languages = Languages
error-prefix = { "Error: " }

## The form

buy-a-bagel = Buy { $creator } a bagel
problem-heading = There is a problem
resume = You have a donation under way.
resume-link = See how it stands
amounts = Pick your bagel
topping-1 = plain
topping-2 = sesame
topping-3 = everything
topping-4 = schmear
topping-more = the works
other-amount = Other
other-amount-topping = your own recipe
own-amount = Your amount in { $currency }
amount-range = From { $least } to { $most }
amount-needed = Enter an amount from { $least } to { $most }, in digits.
your-name = Your name
your-message = A message
optional = optional
message-limit = Up to { $most } characters
# The browser counts while the message is typed.
message-left = Characters left: { $n }
message-over = Characters over the limit: { $n }
may-be-shown = What may be shown publicly
may-be-shown-hint = Only what is ticked. { $creator } always sees all of it.
show-name = My name
show-message = My message
show-amount = The amount
how-to-pay = How to pay
by-card = Pay with card
by-card-hint = A credit or debit card is all you need
by-stablecoin = Pay with { $coins }
by-stablecoin-hint = From a crypto wallet, in stablecoins
not-now = Not now: { $provider } does not answer
give = Give a bagel
give-amount = Give { $amount }
opening = Opening the checkout…
where-money-goes = You pay on a secure checkout page. The money goes to { $creator }.
unreachable = We could not reach the checkout, and nothing was paid. Please try again.

## A pre-filled link with something that cannot be used

prefilled-ignored = Some of this link could not be used: { $what }. Please check before you give.
# Between two of the things that follow.
prefilled-and = { ", " }
prefilled-amount = the amount
prefilled-name = the name
prefilled-message = the message
prefilled-provider = the way to pay

## How a donation stands: the heading by its picture

heading-waiting = Waiting for your payment
heading-on-chain = Nearly there
heading-paid = Thank you!
heading-review = A person is having a look
heading-send-back = Your money is coming back
heading-refused = The payment was not accepted
heading-under-paid = Only a part arrived
heading-cancelled = No bagel this time
heading-expired = This checkout has expired
heading-failed = The payment did not go through
heading-unknown = We are finding out

## How a donation stands: one sentence for each status

status-created = Pay on the checkout page. This page notices by itself.
status-viewed = The checkout is open. This page notices when you have paid.
status-temp-wallet-received = The checkout is ready. This page notices when you have paid.
status-manual-operation = The payment provider is reviewing this payment. You may close this page.
status-send-back = The payment provider is sending this payment back to you. You need not do anything, and may close this page.
status-on-chain = Your payment was seen on the chain and waits for confirmation. You may close this page.
status-pending = Your payment is being processed. You may close this page.
status-confirmed = Your payment is confirmed and written down.
status-failed = The payment failed, and nothing was counted as paid. You can try again.
status-rejected = The payment provider did not accept this payment. If you were charged all the same, please ask the provider.
status-underpaid = Less was paid than the amount asked. Please contact { $creator } or the payment provider.
status-canceled = The checkout was cancelled. You can try again whenever you like.
status-timeout = The checkout expired before a payment arrived. You can try again.
status-review = The payment arrived but differs from what was asked. { $creator } will have a look.
status-unknown = The payment provider did not say whether a checkout was opened. If you paid, it will be recorded.

## The donation's own page

slip-amount = Amount
slip-to = To
slip-provider = Payment by
slip-from = From
slip-message = Message
slip-date = Date
slip-reference = Reference
transaction = See the transaction on { $explorer }
continue-to-payment = Continue to payment
offline = You seem to be offline; we keep trying.
busy = The answer is taking longer than usual; we keep trying.
patience = We have not heard about this payment yet. If you paid, it will be recorded, and you may close this page.
check-again = Check again
looks-again = This page looks again every 10 seconds.
check-now = Check now
share-page = Share this page
address-copied = The address is copied
print-receipt = Print a receipt
give-again = Give again
try-again = Try again
back-to-page = Back to the page
own-words = Your words and who sees them
stand-still = Stop looking again while I change this
save = Save
saved-visibility = Saved. Only what is ticked may be shown publicly.
saved-erased = Your name and message are erased.
erase = Erase my name and message
erase-what = Your name and message are deleted here for good; the donation itself stays. What was already sent to { $creator } or to the payment provider cannot be called back.
erase-now = Yes, erase them

## What went wrong

error-title-not-found = An ant got here first
error-title-too-many = A moment, please
error-title-ours = That did not work
error-title-yours = That cannot be taken
error-wait =
    { $seconds ->
        [one] You can try again in { $seconds } second.
       *[other] You can try again in { $seconds } seconds.
    }
error-request = If you write to us about it, name this request:
error-cross-site = This form was sent from another site. Open the page itself and try again.
error-form = The form cannot be read. Open the page again and send it from there.
error-not-found = There is nothing at this address.
error-method = This address does not take that kind of request.
error-request-slow = The request took too long to arrive. Please try again.
error-no-intent-id = Say which donation: /api/status?intent_id=…
error-key-invalid = The idempotency key must be a random UUID (version 4).
error-key-reused = This request differs from an earlier one with the same idempotency key. Use a new key.
error-too-large = The request is too large.
error-address-too-long = This link is too long. Open it without the part after the question mark.
error-media-type = Send JSON (application/json) or the page's own form.
error-too-many =
    { $seconds ->
        [one] That was a bit fast. Please wait { $seconds } second and try again.
       *[other] That was a bit fast. Please wait { $seconds } seconds and try again.
    }
error-internal = Something went wrong on our side. Please try again.
error-provider-refused = The payment provider could not take this right now. Nothing was charged; please try again in a moment.
error-ledger-down = We cannot write anything down at the moment, so nothing was started. Please try again in a few seconds.
error-provider-busy = The payment provider is busy. Nothing was charged; please try again in a minute.
error-provider-rests = The payment provider takes no checkouts at the moment. Nothing was charged; please try again later.
error-outcome-unknown = The payment provider did not answer in time, so there is no checkout to go to. Please try again.
error-provider-slow = The payment provider takes too long to answer. Please try again in a moment.

## What cannot be taken of the form

amount-too-small = Enter an amount of { $least } or more.
amount-too-large = Enter an amount of { $most } or less.
amount-below-provider = The payment provider does not take so small an amount. Please choose a larger one.
amount-not-offered = Choose one of the amounts on the page.
amount-whole = Enter an amount as a plain number, such as 500.
amount-plain = Enter an amount as a plain number, such as 5 or 5.25.
amount-no-decimals = Enter an amount without decimals: { $currency } has none.
amount-two-decimals = Enter an amount with at most two decimals.
name-too-long = Shorten the name to { $most } characters; it has { $found }.
name-unreadable = The name has a character that cannot be shown. Please type it again.
message-too-long = Shorten the message to { $most } characters; it has { $found }.
message-unreadable = The message has a character that cannot be shown. Please type it again.
provider-unknown = Choose one of the ways to pay on the page.
