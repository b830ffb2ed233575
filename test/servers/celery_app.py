"""The Celery application of the tests: its broker and settings come from the environment."""
import json
import os
import time

from celery import Celery

app = Celery("health_tests", broker=os.environ["BROKER_URL"])
app.conf.update(json.loads(os.environ.get("CELERY_SETTINGS", "{}")))


@app.task(name="tests.sleep", ignore_result=True)
def sleep(seconds):
    time.sleep(seconds)


@app.task(name="tests.spin", ignore_result=True)
def spin(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass
