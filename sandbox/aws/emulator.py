"""Runs the AWS emulator on a Unix domain socket, which no web page and no other user can reach.

Environment: SANDBOX_SOCKET is the socket's path, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are root's
access key. It does what `main` of ministack 1.5.33 (app.py) does, with two differences: the socket, and
the credentials of functions, which ministack computes from public ARNs alone.
"""

import asyncio
import hashlib
import hmac
import os
import resource

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack.core import lambda_runtime
from ministack.services import sts

socket_path = os.environ.pop("SANDBOX_SOCKET")
root_secret = os.environ["AWS_SECRET_ACCESS_KEY"]


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def execution_credentials(config):
    """The session of a function's role, as sandbox/aws/execution-role.ts computes it."""
    function_arn, role_arn = config["FunctionArn"], config["Role"]
    arns = f"{function_arn}:{role_arn}".encode()
    digest = hmac.new(root_secret.encode(), arns, hashlib.sha256).hexdigest()
    session = {
        "AWS_ACCESS_KEY_ID": f"ASIA{digest[:16].upper()}",
        "AWS_SECRET_ACCESS_KEY": sha256(f"secret:{digest}"),
        "AWS_SESSION_TOKEN": sha256(f"token:{digest}"),
    }
    account_id = function_arn.split(":")[4]
    role, name = role_arn.rsplit("/", 1)[-1], config["FunctionName"]
    sts.register_session(session["AWS_ACCESS_KEY_ID"], {
        "Arn": f"arn:aws:sts::{account_id}:assumed-role/{role}/{name}",
        "UserId": f"{role}:{name}",
        "SecretAccessKey": session["AWS_SECRET_ACCESS_KEY"],
        "SessionToken": session["AWS_SESSION_TOKEN"],
    })
    return session


# Before the app, whose Lambda imports it by name.
lambda_runtime.execution_credentials = execution_credentials

from ministack.app import app  # noqa: E402

soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
if soft < hard:
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

config = Config()
config.bind = [f"unix:{socket_path}"]
config.keep_alive_timeout = 75
asyncio.run(serve(app, config))
