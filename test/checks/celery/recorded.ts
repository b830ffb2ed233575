/**
 * Recorded on 22 November 2026 from workers of Celery 5.2.6 and kombu 5.2.4, as they lay in Redis.
 * @module
 */

/** What `app.control.inspect().active_queues()` publishes. */
export const request =
  '{"body": "eyJtZXRob2QiOiAiYWN0aXZlX3F1ZXVlcyIsICJhcmd1bWVudHMiOiB7fSwgImRlc3RpbmF0aW9uIjogbnVsbCwgInBhdHRlcm4iOiBudWxsLCAibWF0Y2hlciI6IG51bGwsICJ0aWNrZXQiOiAiZmZiZTQ5ODMtNmI5Ny00Nzk4LTg2ZGEtZjYzOThhNTEzODQzIiwgInJlcGx5X3RvIjogeyJleGNoYW5nZSI6ICJyZXBseS5jZWxlcnkucGlkYm94IiwgInJvdXRpbmdfa2V5IjogIjU2Y2E0MWJiLWRiOTYtM2Q2Zi05OWJmLWU0ZDlmNTI5YTcyZiJ9fQ==", "content-encoding": "utf-8", "content-type": "application/json", "headers": {"clock": 1, "expires": 1795361262.214657}, "properties": {"delivery_mode": 2, "delivery_info": {"exchange": "celery.pidbox", "routing_key": ""}, "priority": 0, "body_encoding": "base64", "delivery_tag": "401ca37f-f08a-464c-a42b-adc836f92313"}}'

/** The answer of an idle worker `w1@vm` that consumes `celery`. */
export const json = {
  ticket: '6c85a33c-6c9c-475c-b2f0-c22859bf50f8',
  element:
    '{"body": "eyJ3MUB2bSI6IFt7Im5hbWUiOiAiY2VsZXJ5IiwgImV4Y2hhbmdlIjogeyJuYW1lIjogImNlbGVyeSIsICJ0eXBlIjogImRpcmVjdCIsICJhcmd1bWVudHMiOiBudWxsLCAiZHVyYWJsZSI6IHRydWUsICJwYXNzaXZlIjogZmFsc2UsICJhdXRvX2RlbGV0ZSI6IGZhbHNlLCAiZGVsaXZlcnlfbW9kZSI6IG51bGwsICJub19kZWNsYXJlIjogZmFsc2V9LCAicm91dGluZ19rZXkiOiAiY2VsZXJ5IiwgInF1ZXVlX2FyZ3VtZW50cyI6IG51bGwsICJiaW5kaW5nX2FyZ3VtZW50cyI6IG51bGwsICJjb25zdW1lcl9hcmd1bWVudHMiOiBudWxsLCAiZHVyYWJsZSI6IHRydWUsICJleGNsdXNpdmUiOiBmYWxzZSwgImF1dG9fZGVsZXRlIjogZmFsc2UsICJub19hY2siOiBmYWxzZSwgImFsaWFzIjogbnVsbCwgImJpbmRpbmdzIjogW10sICJub19kZWNsYXJlIjogbnVsbCwgImV4cGlyZXMiOiBudWxsLCAibWVzc2FnZV90dGwiOiBudWxsLCAibWF4X2xlbmd0aCI6IG51bGwsICJtYXhfbGVuZ3RoX2J5dGVzIjogbnVsbCwgIm1heF9wcmlvcml0eSI6IG51bGx9XX0=", "content-encoding": "utf-8", "content-type": "application/json", "headers": {"ticket": "6c85a33c-6c9c-475c-b2f0-c22859bf50f8", "clock": 3}, "properties": {"delivery_mode": 1, "delivery_info": {"exchange": "edge-health:1", "routing_key": "6fa49ecc-36db-47bd-9d74-250c0ec2756d"}, "priority": 0, "body_encoding": "base64", "delivery_tag": "6cfc6651-9fd9-46c8-8b71-e79f83068d2c"}}',
}

/** The same with `task_serializer='pickle'`. */
export const pickle = {
  ticket: '047e41b3-33c2-4124-b8ef-5f0f22d76d6d',
  element:
    '{"body": "gASVZwEAAAAAAAB9lIwFdzFAdm2UXZR9lCiMBG5hbWWUjAZjZWxlcnmUjAhleGNoYW5nZZR9lChoBGgFjAR0eXBllIwGZGlyZWN0lIwJYXJndW1lbnRzlE6MB2R1cmFibGWUiIwHcGFzc2l2ZZSJjAthdXRvX2RlbGV0ZZSJjA1kZWxpdmVyeV9tb2RllE6MCm5vX2RlY2xhcmWUiXWMC3JvdXRpbmdfa2V5lGgFjA9xdWV1ZV9hcmd1bWVudHOUTowRYmluZGluZ19hcmd1bWVudHOUTowSY29uc3VtZXJfYXJndW1lbnRzlE5oC4iMCWV4Y2x1c2l2ZZSJaA2JjAZub19hY2uUiYwFYWxpYXOUTowIYmluZGluZ3OUXZRoD06MB2V4cGlyZXOUTowLbWVzc2FnZV90dGyUTowKbWF4X2xlbmd0aJROjBBtYXhfbGVuZ3RoX2J5dGVzlE6MDG1heF9wcmlvcml0eZROdWFzLg==", "content-encoding": "binary", "content-type": "application/x-python-serialize", "headers": {"ticket": "047e41b3-33c2-4124-b8ef-5f0f22d76d6d", "clock": 3}, "properties": {"delivery_mode": 1, "delivery_info": {"exchange": "edge-health:1", "routing_key": "adfe7bb8-d7fa-4a26-9516-1e1401c9d57e"}, "priority": 0, "body_encoding": "base64", "delivery_tag": "a1936b92-57cf-437b-adc1-0397ee30dcee"}}',
}

/** The same with `task_serializer='yaml'`. */
export const yaml = {
  ticket: '179cf99a-db94-495f-903d-dc0320fce064',
  element:
    '{"body": "dzFAdm06Ci0gYWxpYXM6IG51bGwKICBhdXRvX2RlbGV0ZTogZmFsc2UKICBiaW5kaW5nX2FyZ3VtZW50czogbnVsbAogIGJpbmRpbmdzOiBbXQogIGNvbnN1bWVyX2FyZ3VtZW50czogbnVsbAogIGR1cmFibGU6IHRydWUKICBleGNoYW5nZToKICAgIGFyZ3VtZW50czogbnVsbAogICAgYXV0b19kZWxldGU6IGZhbHNlCiAgICBkZWxpdmVyeV9tb2RlOiBudWxsCiAgICBkdXJhYmxlOiB0cnVlCiAgICBuYW1lOiBjZWxlcnkKICAgIG5vX2RlY2xhcmU6IGZhbHNlCiAgICBwYXNzaXZlOiBmYWxzZQogICAgdHlwZTogZGlyZWN0CiAgZXhjbHVzaXZlOiBmYWxzZQogIGV4cGlyZXM6IG51bGwKICBtYXhfbGVuZ3RoOiBudWxsCiAgbWF4X2xlbmd0aF9ieXRlczogbnVsbAogIG1heF9wcmlvcml0eTogbnVsbAogIG1lc3NhZ2VfdHRsOiBudWxsCiAgbmFtZTogY2VsZXJ5CiAgbm9fYWNrOiBmYWxzZQogIG5vX2RlY2xhcmU6IG51bGwKICBxdWV1ZV9hcmd1bWVudHM6IG51bGwKICByb3V0aW5nX2tleTogY2VsZXJ5Cg==", "content-encoding": "utf-8", "content-type": "application/x-yaml", "headers": {"ticket": "179cf99a-db94-495f-903d-dc0320fce064", "clock": 3}, "properties": {"delivery_mode": 1, "delivery_info": {"exchange": "edge-health:1", "routing_key": "02339b82-afbe-4e01-9858-3852d83cc724"}, "priority": 0, "body_encoding": "base64", "delivery_tag": "7b633cbb-ab61-433b-acbb-a9e174458aee"}}',
}
