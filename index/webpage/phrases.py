"""What pages say that stand in an article's place, in the languages of most of the web.

A pattern a line, each matched against one line of a page (a title, a button, a paragraph) without regard to case. They
are phrases of somebody who speaks to the reader of this page; articles *about* cookies or subscriptions speak of them.
"""

from __future__ import annotations

import re


def _any(phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{phrase.strip()})" for phrase in phrases.strip().splitlines()), re.IGNORECASE)


CONSENT = _any(r"""
    \bwe (?:and|use|store|value|process|need|ask|care)\b.{0,80}\b(?:cookies?|partners|vendors|consent|privacy)\b
    \bwe (?:and|use|store|process)\b.{0,80}\bpersonal data\b
    \byour (?:consent|device|privacy (?:choices|settings|matters)|cookie (?:settings|preferences)|choices at any time)\b
    \b(?:manage|change|withdraw|set) your (?:consent|choices|preferences|settings|cookies?)\b
    \bby (?:clicking|continuing)\b.{0,80}\b(?:accept|agree|consent|cookies?)\b
    \bbefore you continue\b
    \b(?:this|our) (?:web)?site uses cookies\b
    \blegitimate interests?\b
    \b(?:accept|reject|allow) all\b
    \bwir (?:und|verwenden|nutzen|benötigen|brauchen|setzen)\b.{0,80}\b(?:cookies?|partner|einwilligung|zustimmung)\b
    \bihre (?:einwilligung|zustimmung|privatsphäre|auswahl|cookie-einstellungen)\b
    \balle(?: cookies)? (?:akzeptieren|ablehnen)\b
    \bberechtigte[sn]? interesses?\b
    \bmit werbung (?:und tracking )?weiterlesen\b
    \b(?:nous|avec votre accord)\b.{0,80}\b(?:cookies|partenaires|traceurs|consentement)\b
    \bvotre (?:consentement|vie privée|choix)\b
    \btout (?:accepter|refuser)\b
    \bnosotros y nuestros socios\b
    \b(?:utilizamos|usamos) cookies\b
    \bsu (?:consentimiento|privacidad)\b
    \b(?:aceptar|rechazar) tod[ao]s?\b
    \bnoi e i nostri partner\b
    \butilizziamo (?:i )?cookie\b
    \b(?:accetta|rifiuta) tutt[oi]\b
    \bwij (?:en|gebruiken)\b.{0,60}\b(?:cookies|partners)\b
    \balles (?:accepteren|weigeren)\b
    クッキー.{0,20}(?:使用し|同意)
    cookie.{0,12}(?:を使用し|に同意)
    すべて(?:許可|同意|拒否)
""")
"""Somebody asks for leave to store cookies or to use the reader's data."""

CONSENT_BUTTON = _any(r"""
    (?:i )?(?:accept|agree|allow|reject|decline|consent)(?: (?:to )?all)?(?: cookies)?(?: (?:and|&) (?:continue|close))?
    yes, i['’]?(?:m ok| agree| accept)
    got it
    manage (?:options|settings|preferences|cookies)
    continue without (?:accepting|consent)
    (?:alle )?(?:cookies )?(?:akzeptieren|ablehnen|annehmen|erlauben)(?: und (?:weiter|weiterlesen|schließen))?
    zustimmen(?: und (?:weiter|weiterlesen))?
    einverstanden
    (?:tout )?(?:accepter|refuser)(?: (?:tout|et (?:fermer|continuer)))?
    j['’]accepte
    continuer sans accepter
    (?:aceptar|rechazar)(?: tod[ao]s?)?(?: (?:y continuar|las cookies))?
    (?:accetta|rifiuta)(?: tutt[oi])?(?: e continua)?
    (?:alles )?(?:accepteren|weigeren)
    akkoord
    すべて(?:許可|同意|拒否)(?:する)?
    同意(?:する|します)
""")
"""The whole of a button that answers it."""

PAID = _any(r"""
    \b(?:subscribe|register|sign up|log ?in|sign in|join)\b.{0,50}\bto (?:continue|keep|read|unlock|access|view)\b
    \bbecome a (?:member|subscriber)\b.{0,50}\bto (?:continue|keep|read|unlock|access|view)\b
    \bto (?:continue|keep) reading\b.{0,60}\b(?:subscri|regist|sign|log|member|account|free|trial)
    \b(?:continue reading|read (?:on|the (?:full|whole) (?:article|story)))\b.{0,40}\b(?:subscri|for (?:only|[$€£]))
    \b(?:article|story|content|post) is (?:only )?(?:reserved )?for (?:our |paying |paid )?(?:subscribers|members)\b
    \b(?:article|story|content|post) is (?:exclusive|available only|only available) to (?:our |paying )?(?:sub|mem)
    \b(?:for )?(?:subscribers|members)[- ](?:only|exclusive)\b
    \byou(?:'ve|’ve| have)? (?:reached|read|used)\b.{0,40}\b(?:free articles?|article limit|monthly limit)
    \bthis post is for (?:paid|paying)\b
    \b(?:jetzt|um)\b.{0,60}\bweiter(?:zu)?lesen\b
    \bweiterlesen mit\b
    \b(?:artikel|beitrag|text) ist\b.{0,40}\b(?:für|exklusiv|nur)\b.{0,40}\b(?:abonnent|abo\b|mitglied)
    \b(?:artikel|beitrag) ist kostenpflichtig\b
    \b(?:nur|exklusiv) für (?:abonnent|mitglieder)
    \bréservée?s? (?:à nos|aux) abonnés\b
    \babonnez-vous pour\b
    \bpour lire la suite\b
    \b(?:contenido|artículo) (?:exclusivo|solo) para (?:suscriptores|socios)\b
    \bsuscríbe(?:te|se)\b.{0,30}\b(?:para|y) (?:seguir|continuar|leer|sigue)\b
    \bpara (?:seguir|continuar) leyendo\b
    \b(?:articolo|contenuto) riservato (?:agli|ai) abbonati\b
    \bper continuare a leggere\b
    \bword abonnee\b
    \balleen voor abonnees\b
    (?:有料)?会員(?:限定|専用)
    続きを読むには
    有料(?:記事|会員)
""")
"""The rest of the article is for those who pay or register."""

NOT_FOUND = _any(r"""
    (?:error |fehler |erreur )?404(?: ?[:.–—-]? ?(?:error|fehler|not found|page not found|file not found))?[.!]?
    (?:(?:oops|sorry)[!,.… ]+)?(?:the |this |that )?(?:page|article|story|content) (?:(?:was|is) )?not found[.!]?
    (?:(?:oops|sorry)[!,.… ]+)?(?:the |this |that )?(?:page|article) (?:can ?not|can['’]t|could not) be found[.!]?
    (?:sorry[!,.… ]+)?(?:the |this |that )?(?:page|article|story) is (?:no longer available|not available|gone)[.!]?
    (?:the |this )?(?:page|article) (?:does ?n['’]t|does not|no longer) exists?[.!]?
    (?:the |this )?(?:page|article|story) (?:has been|was) (?:deleted|removed)[.!]?
    (?:sorry, )?we (?:can['’]t|cannot|could(?:n['’]t| not)) find (?:the|that) page.{0,30}
    not found
    nothing (?:was )?found(?: here)?[.!]?
    (?:die |diese )?(?:seite|artikel) (?:wurde |konnte )?(?:leider )?nicht gefunden(?: werden)?[.!]?
    (?:dieser artikel|diese seite) (?:existiert|ist) (?:leider )?nicht(?: mehr)?(?: verfügbar)?[.!]?
    (?:cette |la )?page (?:est )?(?:introuvable|non trouvée|inexistante)[.!]?
    (?:cette|la) page n['’]existe (?:pas|plus)[.!]?
    página no encontrada[.!]?
    (?:esta|la) página (?:no existe|no está disponible)[.!]?
    pagina non trovata[.!]?
    pagina niet gevonden[.!]?
    página não encontrada[.!]?
    (?:お探しの)?(?:ページ|記事)(?:が|は)(?:見つかりません(?:でした)?|存在しません|削除されました)。?
""")
"""The whole of a title that says that there is nothing."""

LOGIN = _any(r"""
    (?:please )?(?:log ?in|sign ?in|log ?on)(?: (?:to|or|with)\b.{0,40})?
    (?:member|customer|account|user) (?:log ?in|sign ?in)
    authentication required
    (?:bitte )?(?:anmelden|einloggen)
    anmeldung|login|log-in
    (?:se )?connexion|connectez-vous|s['’]identifier
    iniciar sesión|inicia sesión|acceder
    accedi
    inloggen
    ログイン
""")
"""The whole of a title of a page to log in."""

CHALLENGE = _any(r"""
    just a moment\W*
    one moment(?:, please)?\W*
    attention required!?(?: \| cloudflare)?
    access (?:denied|to this page has been denied)\W*
    are you (?:a robot|human)\?*
    (?:robot|security|browser|bot|human) (?:check|verification|challenge)
    (?:please )?verify(?:ing)? (?:that )?you are (?:a )?human\W*
    checking your browser.{0,60}
    ddos[- ]?guard
    pardon our interruption\W*
    client challenge
    you have been blocked\W*
""")
"""The whole of a title of a page that lets no programs through."""

NEEDS_SCRIPTS = _any(r"""
    \b(?:enable|requires?|turn on|needs?|activate)\b.{0,40}\bjavascript\b
    \bjavascript\b.{0,40}\b(?:is disabled|required|enabled?|deaktiviert|aktivieren|désactivé|activer|activar)\b
    javascript.{0,10}(?:有効|オン)
""")
"""A page asks for JavaScript."""
