"""Addresses of web pages: one spelling for each, and what several addresses of one article have in common."""

from __future__ import annotations

import re
from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

_PORTS = {"http": 80, "https": 443}

# What newsletters, networks and advertisements add to an address to see where a reader came from.
_TRACKING = frozenset(
    "fbclid gclid gclsrc dclid yclid twclid ttclid msclkid wickedid wbraid gbraid igsh igshid li_fat_id mc_cid mc_eid "
    "mkt_tok cmpid ocid s_cid smid xtor ref_src ref_url ito cn-track __twitter_impression guccounter sfnsn usqp "
    "amp_js_v amp_gsa wt.mc_id wt_mc wt_zmc ns_mchannel ns_source ns_campaign ns_linkname".split()
)
_TRACKING_BEGINS = (
    "utm_",
    "mtm_",
    "pk_",
    "matomo_",
    "oly_",
    "etcc_",
    "hsa_",
    "_hs",
    "vero_",
    "guce_",
    "at_campaign",
    "at_medium",
    "at_custom",
)

# What asks for another dress of the same article, in a query and in a path.
_DRESS_IN_QUERY = re.compile(
    r"(amp|print|printable|printer|printview|print-view)(=(1|true|yes|on)?)?|(output(type)?|view|format|type|mode)=(amp|print)",
    re.IGNORECASE,
)
_DRESS_AT_END = re.compile(r"(/(amp|print|printable)|\.amp|\.print)(?=(\.html?)?/*$)", re.IGNORECASE)
_DRESS_IN_FRONT = re.compile(r"/(amp|print)(?=/.)", re.IGNORECASE)
_DRESS_OF_HOST = re.compile(r"(www\d?|m|mobile|amp)\.(?=[^.]+\.)", re.IGNORECASE)

# Copies of AMP pages that search engines keep: the address they copy stands in their own.
_KEPT_COPY = re.compile(
    r"https?://(?:[\w-]+\.cdn\.ampproject\.org/[cvi]/|(?:www\.)?google\.[a-z.]{2,6}/amp/)(s/)?(?=[\w-]+\.)(.+)",
    re.IGNORECASE,
)

_SAFE = "/%!$&'()*+,;=:@~-._?[]|"


def canonical_url(url: str) -> str:
    """Return a web address in one spelling; following it leads where `url` leads.

    Scheme and host in small letters, no default port, no fragment, no tracking parameters, no dots in the path, other
    letters than ASCII escaped; of a search engine's copy of an AMP page the address it copies. An address that is not
    http or https, or none at all, is returned as it is.
    """
    url = url.strip()
    if copy := _KEPT_COPY.fullmatch(url):
        url = f"{'https' if copy[1] else 'http'}://{copy[2]}"
    parts = _split(url)
    if parts is None:
        return url
    path = parts.path or "/"
    if "/." in path and not path.startswith("//"):
        path = urlsplit(urljoin(f"{parts.scheme}://{parts.hostname}/", path)).path
    query = "&".join(each for each in parts.query.split("&") if each and not _is_tracking(each))
    return urlunsplit((parts.scheme, _authority(parts), _escaped(path), _escaped(query), ""))


def page_key(url: str) -> str:
    """Return what all addresses of one article have in common: equal keys mean one article. It is no address to follow.

    Besides what `canonical_url` does, http is https, `www.` and mobile hosts are the plain host; a slash at the end,
    the order of the parameters, and AMP and print pages make no difference.
    """
    parts = _split(canonical_url(url))
    if parts is None:
        return url.strip()
    path = _DRESS_IN_FRONT.sub("", _DRESS_AT_END.sub("", parts.path), count=1)
    query = "&".join(sorted(each for each in parts.query.split("&") if each and not _DRESS_IN_QUERY.fullmatch(each)))
    return urlunsplit(("https", _DRESS_OF_HOST.sub("", parts.netloc, count=1), path.rstrip("/"), query, ""))


def same_site(one: str, other: str) -> bool:
    """Tell whether two web addresses are of one owner, as far as names tell: the domain that is registered.

    Customers of one host (`ada.blogspot.com`, `jo.blogspot.com`) have a domain each; an IP address is a site by itself.
    """
    return site_of(one) is not None and site_of(one) == site_of(other)


def site_of(url: str) -> str | None:
    """Return the registered domain of a web address, or its host where that has none; None for another address."""
    from tld import get_fld

    parts = _split(canonical_url(url))
    if parts is None:
        return None
    host = (parts.hostname or "").rstrip(".")
    try:
        ip_address(host)
    except ValueError:
        # A name under an end that nobody lists: the rule of the list for those is two labels.
        listed: str | None = get_fld(f"https://{host}/", fail_silently=True, search_private=True)
        return listed or ".".join(host.split(".")[-2:])
    return host


def is_front_page(url: str) -> bool:
    """Tell whether an address is that of a whole site rather than of something on it."""
    parts = _split(url)
    return parts is not None and not parts.query and parts.path.strip("/").lower() in {"", "index.html", "index.php"}


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for what is no port
    except ValueError:
        return None
    return parts if parts.scheme in _PORTS and parts.hostname else None


def _is_tracking(parameter: str) -> bool:
    name = parameter.partition("=")[0].lower()
    return name in _TRACKING or name.startswith(_TRACKING_BEGINS)


def _authority(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if not host.isascii():
        import idna

        with suppress(idna.IDNAError):  # It stays what it is: nobody can follow it, and nothing is taken for it.
            host = idna.encode(host, uts46=True).decode("ascii")
    host = f"[{host}]" if ":" in host else host
    port = "" if parts.port in (None, _PORTS[parts.scheme]) else f":{parts.port}"
    user = parts.netloc.rpartition("@")[0]
    return f"{user}@{host}{port}" if user else host + port


def _escaped(part: str) -> str:
    return re.sub("%[0-9a-f]{2}", lambda escape: escape[0].upper(), quote(part, safe=_SAFE), flags=re.IGNORECASE)
