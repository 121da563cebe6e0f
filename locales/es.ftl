### What a supporter reads, in Spanish; see en.ftl.

## Everywhere

skip = Ir al contenido
notice = Aviso
notice-demo = Demostración: no se mueve dinero real.
site-name = Invita a { $creator } a un bagel
links-website = Sitio web
powered-by = Funciona con
powered-by-card = { $currency } con tarjeta
get-your-own = Crea una página como esta
languages = Idiomas
error-prefix = { "Error: " }

## The form

buy-a-bagel = Invita a { $creator } a un bagel
problem-heading = Hay un problema
resume = Tienes una donación en curso.
resume-link = Ver cómo va
amounts = Elige tu bagel
topping-1 = sencillo
topping-2 = sésamo
topping-3 = con todo
topping-4 = queso crema
topping-more = a lo grande
other-amount = Otro
other-amount-topping = tu propia receta
own-amount = Tu importe en { $currency }
amount-range = De { $least } a { $most }
amount-needed = Escribe un importe de { $least } a { $most }, en cifras.
your-name = Tu nombre
your-message = Un mensaje
optional = opcional
message-limit = Hasta { $most } caracteres
# The browser counts while the message is typed.
message-left = Caracteres restantes: { $n }
message-over = Caracteres de más: { $n }
may-be-shown = Qué se puede mostrar en público
may-be-shown-hint = Solo lo que esté marcado. { $creator } siempre lo ve todo.
show-name = Mi nombre
show-message = Mi mensaje
show-amount = El importe
how-to-pay = Cómo pagar
by-card = Pagar con tarjeta
by-card-hint = Basta con una tarjeta de crédito o débito
by-stablecoin = Pagar con { $coins }
by-stablecoin-hint = Desde una billetera cripto, en stablecoins
not-now = Ahora no: { $provider } no responde
give = Regalar un bagel
give-amount = Donar { $amount }
opening = Abriendo la página de pago…
where-money-goes = Pagas en una página de pago segura. El dinero es para { $creator }.
unreachable = No pudimos conectar con la página de pago y no se pagó nada. Inténtalo de nuevo.

## A pre-filled link with something that cannot be used

prefilled-ignored = Parte de este enlace no se pudo usar: { $what }. Revisa los datos antes de donar.
# Between two of the things that follow.
prefilled-and = { ", " }
prefilled-amount = el importe
prefilled-name = el nombre
prefilled-message = el mensaje
prefilled-provider = la forma de pago

## How a donation stands: the heading by its picture

heading-waiting = Esperamos tu pago
heading-on-chain = Ya casi está
heading-paid = ¡Gracias!
heading-review = Una persona lo está revisando
heading-send-back = Tu dinero vuelve a ti
heading-refused = El pago no fue aceptado
heading-under-paid = Solo llegó una parte
heading-cancelled = Esta vez, sin bagel
heading-expired = Esta página de pago caducó
heading-failed = El pago no se completó
heading-unknown = Lo estamos averiguando

## How a donation stands: one sentence for each status

status-created = Paga en la página de pago. Esta página se entera sola.
status-viewed = La página de pago está abierta. Esta página se enterará cuando hayas pagado.
status-temp-wallet-received = La página de pago está lista. Esta página se enterará cuando hayas pagado.
status-manual-operation = El proveedor de pagos está revisando este pago. Puedes cerrar esta página.
status-send-back = El proveedor de pagos te está devolviendo este pago. No tienes que hacer nada y puedes cerrar esta página.
status-on-chain = Tu pago ya se ve en la cadena de bloques y espera confirmación. Puedes cerrar esta página.
status-pending = Tu pago se está procesando. Puedes cerrar esta página.
status-confirmed = Tu pago está confirmado y anotado.
status-failed = El pago falló. No se anotó nada como pagado; puedes intentarlo de nuevo.
status-rejected = El proveedor de pagos no aceptó este pago. Si salió dinero de tu cuenta o cartera, consulta con el proveedor.
status-underpaid = Se pagó menos que el importe pedido. Ponte en contacto con { $creator } o con el proveedor de pagos.
status-canceled = La página de pago se canceló. Puedes intentarlo de nuevo cuando quieras.
status-timeout = La página de pago caducó antes de que llegara un pago. Puedes intentarlo de nuevo.
status-review = El pago llegó, pero no coincide con lo pedido. { $creator } lo revisará.
status-unknown = El proveedor de pagos no dijo si se abrió una página de pago. Si pagaste, quedará anotado.

## The donation's own page

slip-amount = Importe
slip-to = Para
slip-provider = Pago mediante
slip-from = De
slip-message = Mensaje
slip-date = Fecha
slip-reference = Referencia
transaction = Ver la transacción en { $explorer }
continue-to-payment = Continuar al pago
offline = Parece que no tienes conexión; seguimos intentándolo.
busy = La respuesta tarda más de lo habitual; seguimos intentándolo.
patience = Todavía no sabemos nada de este pago. Si pagaste, quedará anotado, y puedes cerrar esta página.
check-again = Comprobar de nuevo
looks-again = Esta página vuelve a comprobarlo cada 10 segundos.
check-now = Comprobar ahora
share-page = Compartir esta página
address-copied = La dirección está copiada
print-receipt = Imprimir un recibo
give-again = Donar otra vez
try-again = Intentar de nuevo
back-to-page = Volver a la página
own-words = Tus palabras y quién las ve
stand-still = Dejar de mirar mientras cambio esto
save = Guardar
saved-visibility = Guardado. Solo lo que está marcado se puede mostrar en público.
saved-erased = Tu nombre y tu mensaje se han borrado.
erase = Borrar mi nombre y mi mensaje
erase-what = Tu nombre y tu mensaje se borran aquí para siempre; la donación permanece. Lo que ya se envió a { $creator } o al proveedor de pagos no se puede recuperar.
erase-now = Sí, borrarlos

## What went wrong

error-title-not-found = Una hormiga llegó antes
error-title-too-many = Un momento, por favor
error-title-ours = Eso no funcionó
error-title-yours = Eso no lo podemos aceptar
error-wait =
    { $seconds ->
        [one] Puedes intentarlo de nuevo en { $seconds } segundo.
       *[other] Puedes intentarlo de nuevo en { $seconds } segundos.
    }
error-request = Si nos escribes por esto, menciona esta solicitud:
error-cross-site = Este formulario se envió desde otro sitio. Abre la propia página e inténtalo de nuevo.
error-form = No se puede leer el formulario. Abre la página otra vez y envíalo desde allí.
error-not-found = No hay nada en esta dirección.
error-method = Esta dirección no acepta ese tipo de solicitud.
error-request-slow = La solicitud tardó demasiado en llegar. Inténtalo de nuevo.
error-no-intent-id = Indica qué donación: /api/status?intent_id=…
error-key-invalid = La clave de idempotencia debe ser un UUID aleatorio (versión 4).
error-key-reused = Esta solicitud es distinta de otra anterior con la misma clave de idempotencia. Usa una clave nueva.
error-too-large = La solicitud es demasiado grande.
error-address-too-long = Este enlace es demasiado largo. Ábrelo sin lo que sigue al signo de interrogación.
error-media-type = Envía JSON (application/json) o el formulario de la propia página.
error-too-many =
    { $seconds ->
        [one] Eso fue un poco rápido. Espera { $seconds } segundo e inténtalo de nuevo.
       *[other] Eso fue un poco rápido. Espera { $seconds } segundos e inténtalo de nuevo.
    }
error-internal = Algo salió mal por nuestra parte. Inténtalo de nuevo.
error-provider-refused = El proveedor de pagos no pudo aceptarlo en este momento. No se cobró nada; inténtalo de nuevo en un momento.
error-ledger-down = Ahora mismo no podemos anotar nada, así que no se inició nada. Inténtalo de nuevo en unos segundos.
error-provider-busy = El proveedor de pagos está saturado. No se cobró nada; inténtalo de nuevo en un minuto.
error-provider-rests = El proveedor de pagos no acepta pagos en este momento. No se cobró nada; inténtalo de nuevo más tarde.
error-outcome-unknown = El proveedor de pagos no respondió a tiempo, así que no hay página de pago. Inténtalo de nuevo.
error-provider-slow = El proveedor de pagos tarda demasiado en responder. Inténtalo de nuevo en un momento.

## What cannot be taken of the form

amount-too-small = Escribe un importe de { $least } o más.
amount-too-large = Escribe un importe de { $most } o menos.
amount-below-provider = El proveedor de pagos no acepta un importe tan pequeño. Elige uno mayor.
amount-not-offered = Elige uno de los importes de la página.
amount-whole = Escribe el importe como un simple número, por ejemplo 500.
amount-plain = Escribe el importe como un simple número, por ejemplo 5 o 5,25.
amount-no-decimals = Escribe un importe sin decimales: { $currency } no los tiene.
amount-two-decimals = Escribe un importe con dos decimales como máximo.
name-too-long = Acorta el nombre a { $most } caracteres; ahora tiene { $found }.
name-unreadable = El nombre tiene un carácter que no se puede mostrar. Escríbelo de nuevo.
message-too-long = Acorta el mensaje a { $most } caracteres; ahora tiene { $found }.
message-unreadable = El mensaje tiene un carácter que no se puede mostrar. Escríbelo de nuevo.
provider-unknown = Elige una de las formas de pago de la página.
