### What a supporter reads, in German; see en.ftl.

## Everywhere

skip = Zum Inhalt springen
notice = Hinweis
notice-demo = Demo: Hier fließt kein echtes Geld.
site-name = Spendier { $creator } einen Bagel
links-website = Website
powered-by = Läuft mit
powered-by-card = { $currency } per Karte
get-your-own = Hol dir auch so eine Seite
languages = Sprachen
error-prefix = { "Fehler: " }

## The form

buy-a-bagel = Spendier { $creator } einen Bagel
problem-heading = Da stimmt etwas nicht
resume = Du hast eine angefangene Spende.
resume-link = Nachsehen, wie es steht
amounts = Such dir einen Bagel aus
topping-1 = natur
topping-2 = Sesam
topping-3 = mit allem
topping-4 = mit Frischkäse
topping-more = volles Programm
other-amount = Anderer
other-amount-topping = dein eigenes Rezept
own-amount = Dein Betrag in { $currency }
amount-range = Von { $least } bis { $most }
amount-needed = Gib einen Betrag von { $least } bis { $most } in Ziffern ein.
your-name = Dein Name
your-message = Eine Nachricht
optional = freiwillig
message-limit = Bis zu { $most } Zeichen
# The browser counts while the message is typed.
message-left = Zeichen übrig: { $n }
message-over = Zeichen zu viel: { $n }
may-be-shown = Was öffentlich gezeigt werden darf
may-be-shown-hint = Nur, was angekreuzt ist. { $creator } sieht immer alles.
show-name = Mein Name
show-message = Meine Nachricht
show-amount = Der Betrag
how-to-pay = Wie möchtest du bezahlen?
by-card = Mit Karte bezahlen
by-card-hint = Eine Kredit- oder Debitkarte genügt
by-stablecoin = Mit { $coins } bezahlen
by-stablecoin-hint = Aus einer Krypto-Wallet, in Stablecoins
not-now = Gerade nicht: { $provider } antwortet nicht
give = Bagel spendieren
give-amount = { $amount } geben
opening = Bezahlseite wird geöffnet …
where-money-goes = Du bezahlst auf einer sicheren Bezahlseite. Das Geld geht an { $creator }.
unreachable = Wir konnten die Bezahlseite nicht erreichen, und es wurde nichts bezahlt. Bitte versuch es noch einmal.

## A pre-filled link with something that cannot be used

prefilled-ignored = Einiges aus diesem Link ließ sich nicht verwenden: { $what }. Bitte sieh noch einmal nach, bevor du etwas gibst.
# Between two of the things that follow.
prefilled-and = { ", " }
prefilled-amount = der Betrag
prefilled-name = der Name
prefilled-message = die Nachricht
prefilled-provider = die Zahlungsart

## How a donation stands: the heading by its picture

heading-waiting = Wir warten auf deine Zahlung
heading-on-chain = Fast geschafft
heading-paid = Danke!
heading-review = Das sieht sich ein Mensch an
heading-send-back = Dein Geld kommt zurück
heading-refused = Die Zahlung wurde nicht angenommen
heading-under-paid = Nur ein Teil ist angekommen
heading-cancelled = Diesmal kein Bagel
heading-expired = Diese Bezahlseite ist abgelaufen
heading-failed = Die Zahlung ging nicht durch
heading-unknown = Wir finden es gerade heraus

## How a donation stands: one sentence for each status

status-created = Bezahle auf der Bezahlseite. Diese Seite merkt es von selbst.
status-viewed = Die Bezahlseite ist offen. Diese Seite merkt, wenn du bezahlt hast.
status-temp-wallet-received = Die Bezahlseite ist bereit. Diese Seite merkt, wenn du bezahlt hast.
status-manual-operation = Der Zahlungsanbieter prüft diese Zahlung. Du kannst diese Seite schließen.
status-send-back = Der Zahlungsanbieter schickt dir diese Zahlung zurück. Du musst nichts tun und kannst diese Seite schließen.
status-on-chain = Deine Zahlung ist auf der Blockchain zu sehen und wartet auf Bestätigung. Du kannst diese Seite schließen.
status-pending = Deine Zahlung wird bearbeitet. Du kannst diese Seite schließen.
status-confirmed = Deine Zahlung ist bestätigt und notiert.
status-failed = Die Zahlung ist fehlgeschlagen. Es wurde nichts als bezahlt notiert; du kannst es noch einmal versuchen.
status-rejected = Der Zahlungsanbieter hat diese Zahlung nicht angenommen. Falls bei dir Geld abgegangen ist, frag bitte beim Zahlungsanbieter nach.
status-underpaid = Es wurde weniger bezahlt als der vorgesehene Betrag. Bitte wende dich an { $creator } oder an den Zahlungsanbieter.
status-canceled = Die Bezahlseite wurde abgebrochen. Du kannst es jederzeit noch einmal versuchen.
status-timeout = Die Bezahlseite ist abgelaufen, bevor eine Zahlung ankam. Du kannst es noch einmal versuchen.
status-review = Die Zahlung ist angekommen, weicht aber von dem ab, was vorgesehen war. { $creator } sieht es sich an.
status-unknown = Der Zahlungsanbieter hat nicht gesagt, ob eine Bezahlseite geöffnet wurde. Falls du bezahlt hast, wird es notiert.

## The donation's own page

slip-amount = Betrag
slip-to = An
slip-provider = Zahlung über
slip-from = Von
slip-message = Nachricht
slip-date = Datum
slip-reference = Referenz
transaction = Transaktion auf { $explorer } ansehen
continue-to-payment = Weiter zur Bezahlung
offline = Du bist anscheinend offline; wir versuchen es weiter.
busy = Die Antwort dauert länger als sonst; wir versuchen es weiter.
patience = Wir haben von dieser Zahlung noch nichts gehört. Falls du bezahlt hast, wird es notiert, und du kannst diese Seite schließen.
check-again = Noch einmal nachsehen
looks-again = Diese Seite sieht alle 10 Sekunden nach.
check-now = Jetzt nachsehen
share-page = Diese Seite teilen
address-copied = Die Adresse ist kopiert
print-receipt = Beleg drucken
give-again = Noch einmal geben
try-again = Noch einmal versuchen
back-to-page = Zurück zur Seite
own-words = Deine Worte, und wer sie sieht
stand-still = Nicht mehr nachsehen, während ich das ändere
save = Speichern
saved-visibility = Gespeichert. Öffentlich gezeigt werden darf nur, was angekreuzt ist.
saved-erased = Dein Name und deine Nachricht sind gelöscht.
erase = Meinen Namen und meine Nachricht löschen
erase-what = Dein Name und deine Nachricht werden hier endgültig gelöscht; die Spende selbst bleibt. Was schon an { $creator } oder den Zahlungsanbieter gesendet wurde, lässt sich nicht zurückholen.
erase-now = Ja, löschen

## What went wrong

error-title-not-found = Eine Ameise war schneller
error-title-too-many = Einen Moment, bitte
error-title-ours = Das hat nicht geklappt
error-title-yours = Das können wir so nicht annehmen
error-wait =
    { $seconds ->
        [one] Du kannst es in { $seconds } Sekunde noch einmal versuchen.
       *[other] Du kannst es in { $seconds } Sekunden noch einmal versuchen.
    }
error-request = Wenn du uns deswegen schreibst, nenne diese Anfrage:
error-cross-site = Dieses Formular kam von einer anderen Website. Öffne die Seite selbst und versuch es noch einmal.
error-form = Das Formular ist nicht lesbar. Öffne die Seite noch einmal und schick es von dort ab.
error-not-found = Unter dieser Adresse gibt es nichts.
error-method = Diese Adresse nimmt solche Anfragen nicht an.
error-request-slow = Die Anfrage hat zu lange gebraucht, um anzukommen. Bitte versuch es noch einmal.
error-no-intent-id = Gib an, welche Spende: /api/status?intent_id=…
error-key-invalid = Der Idempotenzschlüssel muss eine zufällige UUID (Version 4) sein.
error-key-reused = Diese Anfrage weicht von einer früheren mit demselben Idempotenzschlüssel ab. Verwende einen neuen Schlüssel.
error-too-large = Die Anfrage ist zu groß.
error-address-too-long = Dieser Link ist zu lang. Öffne ihn ohne den Teil hinter dem Fragezeichen.
error-media-type = Sende JSON (application/json) oder das Formular der Seite.
error-too-many =
    { $seconds ->
        [one] Das war etwas schnell. Bitte warte { $seconds } Sekunde und versuch es dann noch einmal.
       *[other] Das war etwas schnell. Bitte warte { $seconds } Sekunden und versuch es dann noch einmal.
    }
error-internal = Bei uns ist etwas schiefgegangen. Bitte versuch es noch einmal.
error-provider-refused = Der Zahlungsanbieter konnte das gerade nicht annehmen. Es wurde nichts abgebucht; bitte versuch es gleich noch einmal.
error-ledger-down = Wir können im Moment nichts notieren, deshalb wurde nichts begonnen. Bitte versuch es in ein paar Sekunden noch einmal.
error-provider-busy = Beim Zahlungsanbieter ist gerade viel los. Es wurde nichts abgebucht; bitte versuch es in einer Minute noch einmal.
error-provider-rests = Der Zahlungsanbieter nimmt gerade keine Zahlungen an. Es wurde nichts abgebucht; bitte versuch es später noch einmal.
error-outcome-unknown = Der Zahlungsanbieter hat nicht rechtzeitig geantwortet, deshalb gibt es keine Bezahlseite. Bitte versuch es noch einmal.
error-provider-slow = Der Zahlungsanbieter braucht zu lange für eine Antwort. Bitte versuch es gleich noch einmal.

## What cannot be taken of the form

amount-too-small = Gib einen Betrag von { $least } oder mehr ein.
amount-too-large = Gib einen Betrag von { $most } oder weniger ein.
amount-below-provider = Einen so kleinen Betrag nimmt der Zahlungsanbieter nicht an. Bitte wähle einen größeren.
amount-not-offered = Wähle einen der Beträge auf der Seite.
amount-whole = Gib den Betrag als einfache Zahl ein, zum Beispiel 500.
amount-plain = Gib den Betrag als einfache Zahl ein, zum Beispiel 5 oder 5,25.
amount-no-decimals = Gib einen Betrag ohne Nachkommastellen ein: { $currency } hat keine.
amount-two-decimals = Gib einen Betrag mit höchstens zwei Nachkommastellen ein.
name-too-long = Kürze den Namen auf { $most } Zeichen; jetzt sind es { $found }.
name-unreadable = Der Name enthält ein Zeichen, das sich nicht anzeigen lässt. Bitte gib ihn noch einmal ein.
message-too-long = Kürze die Nachricht auf { $most } Zeichen; jetzt sind es { $found }.
message-unreadable = Die Nachricht enthält ein Zeichen, das sich nicht anzeigen lässt. Bitte gib sie noch einmal ein.
provider-unknown = Wähle eine der Zahlungsarten auf der Seite.
