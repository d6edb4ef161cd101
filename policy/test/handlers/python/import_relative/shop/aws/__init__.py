from .clients import lambda_client as functions
from . import storage
