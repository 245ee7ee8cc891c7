"""A service on FastAPI. Gatehouse decides about each request.

pip install fastapi httpx uvicorn
GATEHOUSE_URL=http://localhost:3000 GATEHOUSE_SERVICE_KEY=... uvicorn fastapi_app:app
"""

import logging
import os

import httpx
from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse

gatehouse = httpx.AsyncClient(
    base_url=os.environ["GATEHOUSE_URL"],
    headers={"Authorization": "Bearer " + os.environ["GATEHOUSE_SERVICE_KEY"]},
    timeout=2,
)
READ_HEADERS = ("authorization", "x-api-key", "x-api-secret", "origin", "referer")
UNAVAILABLE = {
    "valid": False,
    "status": 503,
    "headers": {"Retry-After": "1"},
    "body": {
        "statusCode": 503,
        "message": "Access cannot be verified right now. Try again shortly.",
        "code": "verification_unavailable",
    },
}


class Refused(Exception):
    """A verdict that is not valid."""


async def verify(request: Request):
    """The verdict on a request. Without a usable answer, the request is refused."""
    path = request.scope["raw_path"].decode("latin-1")
    query = request.scope["query_string"].decode("latin-1")
    headers = {name: request.headers[name] for name in READ_HEADERS if name in request.headers}
    question = {
        "credential": {"headers": headers},
        "method": request.method,
        "path": path + "?" + query if query else path,
        "ip": request.client.host,
    }
    try:
        response = await gatehouse.post("/v1/verify", json=question)
        answer = response.json()
        if response.status_code == 200 and (answer["valid"] is True or answer["status"] >= 400):
            return answer
        raise ValueError(f"Gatehouse answered {response.status_code}")
    except Exception as error:
        logging.error("Gatehouse: %s", error)
        return UNAVAILABLE


async def caller(request: Request, response: Response):
    """The caller of a request, and its headers for the response."""
    verdict = await verify(request)
    if verdict["valid"] is not True:
        raise Refused(verdict)
    response.headers.update(verdict["headers"])
    return verdict


app = FastAPI(dependencies=[Depends(caller)])


@app.exception_handler(Refused)
async def send_refusal(_request: Request, refused: Refused):
    verdict = refused.args[0]
    return JSONResponse(verdict["body"], verdict["status"], verdict["headers"])


@app.get("/invoices")
async def invoices(who: dict = Depends(caller)):
    return {"org": who["org"], "invoices": ["2026-001"]}
