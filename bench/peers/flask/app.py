"""
The health check that edge-health-check replaces, as Open Event Server has it: Flask, SQLAlchemy and Celery behind the
rules of Runscope's healthcheck library. Checks run one after another, their results are kept per process for 27 s when
they passed and 9 s when they did not, and any that did not makes the answer a 500.

Environment: DATABASE_URL, BROKER_URL, SCHEMAS (comma list), TTL_PASS and TTL_FAIL (s), CHECKS (comma list).
"""
import os
import socket
import time

import redis
from celery import Celery
from flask import Flask, jsonify
from sqlalchemy import MetaData, create_engine, select, text
from sqlalchemy.ext.automap import automap_base
from sqlalchemy.orm import Session

TTL_PASS = float(os.environ.get("TTL_PASS", "27"))
TTL_FAIL = float(os.environ.get("TTL_FAIL", "9"))

app = Flask(__name__)
engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)
celery = Celery("application", broker=os.environ["BROKER_URL"])
store = redis.from_url(os.environ["BROKER_URL"])


def load_models():
    """One class for each table, as the application would have written them down."""
    metadata = MetaData()
    for schema in os.environ.get("SCHEMAS", "public").split(","):
        metadata.reflect(engine, schema=None if schema == "public" else schema)
    base = automap_base(metadata=metadata)
    base.prepare()
    # A table that only joins two others gets no class of its own; it is read as it is.
    mapped = {model.__table__ for model in base.classes}
    return list(base.classes) + [table for table in metadata.tables.values() if table not in mapped]


models = load_models()
# The processes are forked from this one, and a connection cannot be shared.
engine.dispose()


def check_celery():
    answers = celery.control.inspect().stats()
    return bool(answers), "celery ok" if answers else "No running Celery workers were found."


def check_database():
    with Session(engine) as session:
        session.execute(text("SELECT 1"))
    return True, "database ok"


def check_migrations():
    with Session(engine) as session:
        for model in models:
            session.execute(select(model).limit(1)).first()
    return True, "database up to date with migrations"


def check_redis():
    store.ping()
    return True, "redis ok"


available = {
    "celery": check_celery,
    "database": check_database,
    "migrations": check_migrations,
    "redis": check_redis,
}
checks = [available[name] for name in os.environ.get("CHECKS", ",".join(available)).split(",")]
kept = {}


def ask(check):
    """Runs one check unless its last result of this process has not expired."""
    result = kept.get(check.__name__)
    if result and result["expires"] > time.time():
        return result
    start = time.time()
    try:
        passed, output = check()
    except Exception as error:  # noqa: BLE001
        passed, output = False, str(error)
    now = time.time()
    result = {
        "checker": check.__name__,
        "output": output,
        "passed": passed,
        "timestamp": now,
        "expires": now + (TTL_PASS if passed else TTL_FAIL),
        "response_time": now - start,
    }
    kept[check.__name__] = result
    return result


@app.get("/health-check")
def health_check():
    results = [ask(check) for check in checks]
    passed = all(result["passed"] for result in results)
    body = {
        "hostname": socket.gethostname(),
        "status": "success" if passed else "failure",
        "timestamp": time.time(),
        "results": results,
    }
    return jsonify(body), 200 if passed else 500


@app.get("/plain")
def plain():
    """Any other page of the application."""
    return "plain"
