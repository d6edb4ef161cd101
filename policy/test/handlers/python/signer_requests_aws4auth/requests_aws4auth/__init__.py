"""A stand-in for the library: only what the handler imports."""


class AWS4Auth:
    algorithm = "AWS4-HMAC-SHA256"

    def __init__(self, access_id, secret_key, region, service, session_token=None):
        self.scope = f"{region}/{service}/aws4_request"
