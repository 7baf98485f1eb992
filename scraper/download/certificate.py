"""What a download that failed has to do with the site's certificate, or with its TLS."""

from __future__ import annotations

from twisted.web.client import ResponseFailed

from archive.errors import BadCertificate, Unreachable
from archive.outcomes import Reason

# By service_identity, which looks at the name, and by OpenSSL, which looks at all the rest.
_SIGNS = {
    "VerificationError": "is for another name",
    "certificate verify failed": "is expired, self-signed or signed by nobody known",
}


# By OpenSSL, on either side, where the two speak no version or strength of TLS in common.
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
    """What in `error` is the fault of the certificate or of the TLS of `host`; None if it was
    something else."""
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
