"""A FastAPI application with a router, which keeps the functions that it was given."""

EDITED = "views"
SOURCE = '''
from fastapi import APIRouter

LIMIT = {limit}
router = APIRouter()


class Model:
    def value(self):
        return {method}


model = Model()


@router.get("/")
def index():
    return [{body}, model.value(), LIMIT]
'''


class Program:
    def __init__(self, executor):
        from fastapi import FastAPI
        from fastapi.testclient import TestClient
        from views import router

        app = FastAPI()
        app.include_router(router)
        self.client = TestClient(app)

    def ask(self):
        return self.client.get("/").json()

    def stop(self):
        self.client.close()
