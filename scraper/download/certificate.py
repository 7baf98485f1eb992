"""What a download that failed has to do with the site's certificate."""

from __future__ import annotations

from twisted.web.client import ResponseFailed

from archive.errors import BadCertificate

# By service_identity, which looks at the name, and by OpenSSL, which looks at all the rest.
_SIGNS = {
    "VerificationError": "is for another name",
    "certificate verify failed": "is expired, self-signed or signed by nobody known",
}


def bad_certificate(error: Exception, host: str) -> BadCertificate | None:
    """The certificate's fault in `error`, None if it was something else."""
    if not isinstance(error.__cause__, ResponseFailed):
        return None
    for failure in error.__cause__.reasons:
        told = repr(failure.value)
        for sign, fault in _SIGNS.items():
            if sign in told:
                return BadCertificate(
                    f"the certificate of {host} {fault}; nothing was asked for, earlier articles"
                    " are safe. Wait until the site has mended it, or take it as it is with"
                    " verify_tls = false in sites.toml; the captures will say so."
                )
    return None
