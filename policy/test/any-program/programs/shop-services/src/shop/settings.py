import os
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Settings:
    orders_table: str = field(default_factory=lambda: os.environ["ORDERS_TABLE"])
    refund_queue: str = field(default_factory=lambda: os.environ.get("REFUND_QUEUE", ""))
    report_bucket: str = field(default_factory=lambda: os.environ.get("REPORT_BUCKET", ""))


settings = Settings()
