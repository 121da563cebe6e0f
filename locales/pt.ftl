### What a supporter reads, in Portuguese; see en.ftl.

## Everywhere

skip = Ir para o conteúdo
notice = Aviso
notice-demo = Demonstração: nenhum dinheiro real é movimentado.
site-name = Pague um bagel para { $creator }
links-website = Site
powered-by = Funciona com
powered-by-card = { $currency } com cartão
get-your-own = Crie uma página como esta
languages = Idiomas
error-prefix = { "Erro: " }

## The form

buy-a-bagel = Pague um bagel para { $creator }
problem-heading = Há um problema
resume = Você tem uma doação em andamento.
resume-link = Ver como está
amounts = Escolha seu bagel
topping-1 = simples
topping-2 = gergelim
topping-3 = com tudo
topping-4 = cream cheese
topping-more = no capricho
other-amount = Outro
other-amount-topping = sua própria receita
own-amount = Seu valor em { $currency }
amount-range = De { $least } a { $most }
amount-needed = Digite um valor de { $least } a { $most }, em algarismos.
your-name = Seu nome
your-message = Uma mensagem
optional = opcional
message-limit = Até { $most } caracteres
# The browser counts while the message is typed.
message-left = Caracteres restantes: { $n }
message-over = Caracteres a mais: { $n }
may-be-shown = O que pode ser mostrado publicamente
may-be-shown-hint = Só o que estiver marcado. { $creator } sempre vê tudo.
show-name = Meu nome
show-message = Minha mensagem
show-amount = O valor
how-to-pay = Como pagar
by-card = Pagar com cartão
by-card-hint = Basta um cartão de crédito ou débito
by-stablecoin = Pagar com { $coins }
by-stablecoin-hint = De uma carteira cripto, em stablecoins
not-now = Agora não: { $provider } não responde
give = Pagar um bagel
give-amount = Doar { $amount }
opening = Abrindo a página de pagamento…
where-money-goes = Você paga em uma página de pagamento segura. O dinheiro vai para { $creator }.
unreachable = Não conseguimos acessar a página de pagamento, e nada foi pago. Tente de novo.

## A pre-filled link with something that cannot be used

prefilled-ignored = Parte deste link não pôde ser usada: { $what }. Confira antes de doar.
# Between two of the things that follow.
prefilled-and = { ", " }
prefilled-amount = o valor
prefilled-name = o nome
prefilled-message = a mensagem
prefilled-provider = a forma de pagamento

## How a donation stands: the heading by its picture

heading-waiting = Aguardando seu pagamento
heading-on-chain = Quase lá
heading-paid = Obrigado!
heading-review = Uma pessoa está dando uma olhada
heading-send-back = Seu dinheiro está voltando
heading-refused = O pagamento não foi aceito
heading-under-paid = Só chegou uma parte
heading-cancelled = Desta vez, sem bagel
heading-expired = Esta página de pagamento expirou
heading-failed = O pagamento não deu certo
heading-unknown = Estamos verificando

## How a donation stands: one sentence for each status

status-created = Pague na página de pagamento. Esta página percebe sozinha.
status-viewed = A página de pagamento está aberta. Esta página vai perceber quando você pagar.
status-temp-wallet-received = A página de pagamento está pronta. Esta página vai perceber quando você pagar.
status-manual-operation = O provedor de pagamento está analisando este pagamento. Você pode fechar esta página.
status-send-back = O provedor de pagamento está devolvendo este pagamento a você. Não é preciso fazer nada, e você pode fechar esta página.
status-on-chain = Seu pagamento já aparece na blockchain e aguarda confirmação. Você pode fechar esta página.
status-pending = Seu pagamento está sendo processado. Você pode fechar esta página.
status-confirmed = Seu pagamento está confirmado e anotado.
status-failed = O pagamento falhou. Nada foi registrado como pago; você pode tentar de novo.
status-rejected = O provedor de pagamento não aceitou este pagamento. Se saiu dinheiro da sua conta ou carteira, fale com o provedor.
status-underpaid = Foi pago menos do que o valor pedido. Entre em contato com { $creator } ou com o provedor de pagamento.
status-canceled = A página de pagamento foi cancelada. Você pode tentar de novo quando quiser.
status-timeout = A página de pagamento expirou antes de chegar um pagamento. Você pode tentar de novo.
status-review = O pagamento chegou, mas é diferente do que foi pedido. { $creator } vai dar uma olhada.
status-unknown = O provedor de pagamento não informou se uma página de pagamento foi aberta. Se você pagou, isso será registrado.

## The donation's own page

slip-amount = Valor
slip-to = Para
slip-provider = Pagamento por
slip-from = De
slip-message = Mensagem
slip-date = Data
slip-reference = Referência
transaction = Ver a transação em { $explorer }
continue-to-payment = Ir para o pagamento
offline = Parece que você está sem conexão; continuamos tentando.
busy = A resposta está demorando mais que o normal; continuamos tentando.
patience = Ainda não tivemos notícia deste pagamento. Se você pagou, isso será registrado, e você pode fechar esta página.
check-again = Verificar de novo
looks-again = Esta página verifica de novo a cada 10 segundos.
check-now = Verificar agora
share-page = Compartilhar esta página
address-copied = O endereço foi copiado
print-receipt = Imprimir um recibo
give-again = Doar de novo
try-again = Tentar de novo
back-to-page = Voltar à página
own-words = Suas palavras e quem as vê
stand-still = Parar de verificar enquanto mudo isto
save = Salvar
saved-visibility = Salvo. Só o que está marcado pode ser mostrado publicamente.
saved-erased = Seu nome e sua mensagem foram apagados.
erase = Apagar meu nome e minha mensagem
erase-what = Seu nome e sua mensagem são apagados aqui para sempre; a doação em si permanece. O que já foi enviado a { $creator } ou ao provedor de pagamento não pode ser desfeito.
erase-now = Sim, apagar

## What went wrong

error-title-not-found = Uma formiga chegou antes
error-title-too-many = Um momento, por favor
error-title-ours = Isso não deu certo
error-title-yours = Não podemos aceitar isso
error-wait =
    { $seconds ->
        [one] Você pode tentar de novo em { $seconds } segundo.
       *[other] Você pode tentar de novo em { $seconds } segundos.
    }
error-request = Se escrever para nós sobre isso, informe esta solicitação:
error-cross-site = Este formulário foi enviado de outro site. Abra a própria página e tente de novo.
error-form = Não foi possível ler o formulário. Abra a página outra vez e envie por lá.
error-not-found = Não há nada neste endereço.
error-method = Este endereço não aceita esse tipo de solicitação.
error-request-slow = A solicitação demorou demais para chegar. Tente de novo.
error-no-intent-id = Diga qual doação: /api/status?intent_id=…
error-key-invalid = A chave de idempotência deve ser um UUID aleatório (versão 4).
error-key-reused = Esta solicitação é diferente de outra anterior com a mesma chave de idempotência. Use uma chave nova.
error-too-large = A solicitação é grande demais.
error-address-too-long = Este link é longo demais. Abra-o sem a parte depois do ponto de interrogação.
error-media-type = Envie JSON (application/json) ou o formulário da própria página.
error-too-many =
    { $seconds ->
        [one] Essa foi um pouco rápida. Espere { $seconds } segundo e tente de novo.
       *[other] Essa foi um pouco rápida. Espere { $seconds } segundos e tente de novo.
    }
error-internal = Algo deu errado do nosso lado. Tente de novo.
error-provider-refused = O provedor de pagamento não pôde aceitar isso agora. Nada foi cobrado; tente de novo daqui a pouco.
error-ledger-down = Não conseguimos anotar nada no momento, então nada foi iniciado. Tente de novo em alguns segundos.
error-provider-busy = O provedor de pagamento está ocupado. Nada foi cobrado; tente de novo em um minuto.
error-provider-rests = O provedor de pagamento não aceita pagamentos no momento. Nada foi cobrado; tente de novo mais tarde.
error-outcome-unknown = O provedor de pagamento não respondeu a tempo, então não há página de pagamento. Tente de novo.
error-provider-slow = O provedor de pagamento está demorando demais para responder. Tente de novo daqui a pouco.

## What cannot be taken of the form

amount-too-small = Digite um valor de { $least } ou mais.
amount-too-large = Digite um valor de { $most } ou menos.
amount-below-provider = O provedor de pagamento não aceita um valor tão pequeno. Escolha um valor maior.
amount-not-offered = Escolha um dos valores da página.
amount-whole = Digite o valor como um número simples, por exemplo 500.
amount-plain = Digite o valor como um número simples, por exemplo 5 ou 5,25.
amount-no-decimals = Digite um valor sem casas decimais: { $currency } não tem.
amount-two-decimals = Digite um valor com no máximo duas casas decimais.
name-too-long = Encurte o nome para { $most } caracteres; ele tem { $found }.
name-unreadable = O nome tem um caractere que não pode ser exibido. Digite de novo.
message-too-long = Encurte a mensagem para { $most } caracteres; ela tem { $found }.
message-unreadable = A mensagem tem um caractere que não pode ser exibido. Digite de novo.
provider-unknown = Escolha uma das formas de pagamento da página.
