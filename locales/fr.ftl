### What a supporter reads, in French; see en.ftl.

## Everywhere

skip = Aller au contenu
notice = Avis
notice-demo = Démo : aucun argent réel ne circule.
site-name = Offrir un bagel à { $creator }
links-website = Site web
powered-by = Propulsé par
powered-by-card = { $currency } par carte
get-your-own = Créer une page comme celle-ci
languages = Langues
error-prefix = { "Erreur : " }

## The form

buy-a-bagel = Offrir un bagel à { $creator }
problem-heading = Il y a un problème
resume = Vous avez un don en cours.
resume-link = Voir où il en est
amounts = Choisissez votre bagel
topping-1 = nature
topping-2 = sésame
topping-3 = tout garni
topping-4 = fromage frais
topping-more = la totale
other-amount = Autre
other-amount-topping = votre recette
own-amount = Votre montant en { $currency }
amount-range = De { $least } à { $most }
amount-needed = Saisissez un montant de { $least } à { $most }, en chiffres.
your-name = Votre nom
your-message = Un message
optional = facultatif
message-limit = Jusqu’à { $most } caractères
# The browser counts while the message is typed.
message-left = Caractères restants : { $n }
message-over = Caractères en trop : { $n }
may-be-shown = Ce qui peut être montré publiquement
may-be-shown-hint = Seulement ce qui est coché. { $creator } voit toujours tout.
show-name = Mon nom
show-message = Mon message
show-amount = Le montant
how-to-pay = Comment payer
by-card = Payer par carte
by-card-hint = Une carte de crédit ou de débit suffit
by-stablecoin = Payer en { $coins }
by-stablecoin-hint = Depuis un portefeuille crypto, en stablecoins
not-now = Pas pour l’instant : { $provider } ne répond pas
give = Offrir un bagel
give-amount = Donner { $amount }
opening = Ouverture de la page de paiement…
where-money-goes = Vous payez sur une page de paiement sécurisée. L’argent va à { $creator }.
unreachable = Nous n’avons pas pu joindre la page de paiement, et rien n’a été payé. Veuillez réessayer.

## A pre-filled link with something that cannot be used

prefilled-ignored = Une partie de ce lien n’a pas pu être utilisée : { $what }. Vérifiez avant de donner.
# Between two of the things that follow.
prefilled-and = { ", " }
prefilled-amount = le montant
prefilled-name = le nom
prefilled-message = le message
prefilled-provider = le moyen de paiement

## How a donation stands: the heading by its picture

heading-waiting = En attente de votre paiement
heading-on-chain = On y est presque
heading-paid = Merci !
heading-review = Quelqu’un y jette un œil
heading-send-back = Votre argent vous revient
heading-refused = Le paiement n’a pas été accepté
heading-under-paid = Seule une partie est arrivée
heading-cancelled = Pas de bagel cette fois-ci
heading-expired = Cette page de paiement a expiré
heading-failed = Le paiement n’a pas abouti
heading-unknown = Nous nous renseignons

## How a donation stands: one sentence for each status

status-created = Payez sur la page de paiement. Cette page s’en apercevra toute seule.
status-viewed = La page de paiement est ouverte. Cette page s’en apercevra quand vous aurez payé.
status-temp-wallet-received = La page de paiement est prête. Cette page s’en apercevra quand vous aurez payé.
status-manual-operation = Le prestataire de paiement examine ce paiement. Vous pouvez fermer cette page.
status-send-back = Le prestataire de paiement vous renvoie ce paiement. Vous n’avez rien à faire et pouvez fermer cette page.
status-on-chain = Votre paiement est visible sur la blockchain et attend sa confirmation. Vous pouvez fermer cette page.
status-pending = Votre paiement est en cours de traitement. Vous pouvez fermer cette page.
status-confirmed = Votre paiement est confirmé et bien noté.
status-failed = Le paiement a échoué. Rien n’a été noté comme payé ; vous pouvez réessayer.
status-rejected = Le prestataire de paiement n’a pas accepté ce paiement. Si de l’argent vous a été débité, adressez-vous au prestataire.
status-underpaid = La somme payée est inférieure au montant demandé. Veuillez contacter { $creator } ou le prestataire de paiement.
status-canceled = La page de paiement a été annulée. Vous pouvez réessayer quand vous voulez.
status-timeout = La page de paiement a expiré avant l’arrivée d’un paiement. Vous pouvez réessayer.
status-review = Le paiement est arrivé, mais diffère de ce qui était demandé. { $creator } y jettera un œil.
status-unknown = Le prestataire de paiement n’a pas dit si une page de paiement a été ouverte. Si vous avez payé, ce sera noté.

## The donation's own page

slip-amount = Montant
slip-to = À
slip-provider = Paiement par
slip-from = De
slip-message = Message
slip-date = Date
slip-reference = Référence
transaction = Voir la transaction sur { $explorer }
continue-to-payment = Continuer vers le paiement
offline = Vous semblez hors ligne ; nous continuons d’essayer.
busy = La réponse tarde plus que d’habitude ; nous continuons d’essayer.
patience = Nous n’avons pas encore de nouvelles de ce paiement. Si vous avez payé, ce sera noté, et vous pouvez fermer cette page.
check-again = Vérifier à nouveau
looks-again = Cette page vérifie à nouveau toutes les 10 secondes.
check-now = Vérifier maintenant
share-page = Partager cette page
address-copied = L’adresse est copiée
print-receipt = Imprimer un reçu
give-again = Donner à nouveau
try-again = Réessayer
back-to-page = Retour à la page
own-words = Vos mots et qui les voit
stand-still = Ne plus actualiser pendant que je modifie ceci
save = Enregistrer
saved-visibility = C’est enregistré. Seul ce qui est coché peut être montré publiquement.
saved-erased = Votre nom et votre message sont effacés.
erase = Effacer mon nom et mon message
erase-what = Votre nom et votre message sont effacés ici pour toujours ; le don lui-même reste. Ce qui a déjà été envoyé à { $creator } ou au prestataire de paiement ne peut pas être rappelé.
erase-now = Oui, les effacer

## What went wrong

error-title-not-found = Une fourmi est passée avant
error-title-too-many = Un instant, s’il vous plaît
error-title-ours = Ça n’a pas marché
error-title-yours = Nous ne pouvons pas accepter cela
error-wait =
    { $seconds ->
        [one] Vous pourrez réessayer dans { $seconds } seconde.
       *[other] Vous pourrez réessayer dans { $seconds } secondes.
    }
error-request = Si vous nous écrivez à ce sujet, indiquez cette requête :
error-cross-site = Ce formulaire a été envoyé depuis un autre site. Ouvrez la page elle-même et réessayez.
error-form = Le formulaire est illisible. Rouvrez la page et envoyez-le de là.
error-not-found = Il n’y a rien à cette adresse.
error-method = Cette adresse n’accepte pas ce genre de requête.
error-request-slow = La requête a mis trop de temps à arriver. Veuillez réessayer.
error-no-intent-id = Indiquez de quel don il s’agit : /api/status?intent_id=…
error-key-invalid = La clé d’idempotence doit être un UUID aléatoire (version 4).
error-key-reused = Cette requête diffère d’une précédente ayant la même clé d’idempotence. Utilisez une nouvelle clé.
error-too-large = La requête est trop volumineuse.
error-address-too-long = Ce lien est trop long. Ouvrez-le sans ce qui suit le point d’interrogation.
error-media-type = Envoyez du JSON (application/json) ou le formulaire de la page.
error-too-many =
    { $seconds ->
        [one] C’était un peu rapide. Attendez { $seconds } seconde, puis réessayez.
       *[other] C’était un peu rapide. Attendez { $seconds } secondes, puis réessayez.
    }
error-internal = Quelque chose s’est mal passé de notre côté. Veuillez réessayer.
error-provider-refused = Le prestataire de paiement n’a pas pu accepter cela pour l’instant. Rien n’a été débité ; veuillez réessayer dans un moment.
error-ledger-down = Nous ne pouvons rien noter pour le moment, donc rien n’a été lancé. Veuillez réessayer dans quelques secondes.
error-provider-busy = Le prestataire de paiement est très sollicité. Rien n’a été débité ; veuillez réessayer dans une minute.
error-provider-rests = Le prestataire de paiement n’accepte pas de paiement pour le moment. Rien n’a été débité ; veuillez réessayer plus tard.
error-outcome-unknown = Le prestataire de paiement n’a pas répondu à temps, il n’y a donc pas de page de paiement. Veuillez réessayer.
error-provider-slow = Le prestataire de paiement met trop de temps à répondre. Veuillez réessayer dans un moment.

## What cannot be taken of the form

amount-too-small = Saisissez un montant d’au moins { $least }.
amount-too-large = Saisissez un montant de { $most } au maximum.
amount-below-provider = Le prestataire de paiement n’accepte pas un si petit montant. Veuillez en choisir un plus grand.
amount-not-offered = Choisissez l’un des montants de la page.
amount-whole = Saisissez le montant sous forme de simple nombre, par exemple 500.
amount-plain = Saisissez le montant sous forme de simple nombre, par exemple 5 ou 5,25.
amount-no-decimals = Saisissez un montant sans décimales : { $currency } n’en a pas.
amount-two-decimals = Saisissez un montant avec deux décimales au plus.
name-too-long = Raccourcissez le nom à { $most } caractères ; il en compte { $found }.
name-unreadable = Le nom contient un caractère qui ne peut pas s’afficher. Veuillez le saisir à nouveau.
message-too-long = Raccourcissez le message à { $most } caractères ; il en compte { $found }.
message-unreadable = Le message contient un caractère qui ne peut pas s’afficher. Veuillez le saisir à nouveau.
provider-unknown = Choisissez l’un des moyens de paiement de la page.
