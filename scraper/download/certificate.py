"""Whether a download failed because of the site's certificate, or because of its TLS."""

from __future__ import annotations

from twisted.web.client import ResponseFailed

from archive.errors import BadCertificate, Unreachable
from archive.outcomes import Reason

# The first is raised by service_identity, which checks the name, the second by OpenSSL.
_SIGNS = {
    "VerificationError": "is for another name",
    "certificate verify failed": "is expired, self-signed or signed by nobody known",
}


# From OpenSSL, here or at the server, if there is no version or strength of TLS that both accept.
_OLD = (
    "unsupported protocol",
    "alert protocol version",
    "dh key too small",
    "unsafe legacy renegotiation",
)


class OldTLS(Unreachable):
    """The site speaks only an old TLS that is not safe any more."""

    reason = Reason.OLD_TLS


def tls_fault(error: Exception, host: str) -> Unreachable | None:
    """The error to raise if the certificate or the TLS of `host` caused `error`; else None."""
    if not isinstance(error.__cause__, ResponseFailed):
        return None
    told = " ".join(repr(failure.value) for failure in error.__cause__.reasons)
    for sign, fault in _SIGNS.items():
        if sign in told:
            return BadCertificate(
                f"the certificate of {host} {fault}; nothing was asked for, earlier articles"
                " are safe. Wait until the site has mended it, or take it as it is with"
                " verify_tls = false in sites.toml; the captures will say so."
            )
    if any(sign in told for sign in _OLD):
        return OldTLS(
            f"{host} speaks only an old TLS that is not safe any more; nothing was asked for,"
            " earlier articles are safe. Only the site can mend that. If it has an http://"
            " address, use that one."
        )
    return None
