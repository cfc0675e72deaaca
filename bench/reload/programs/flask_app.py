"""A Flask application with a blueprint: its functions are registered when the module is imported."""

EDITED = "views"
SOURCE = '''
from flask import Blueprint, jsonify

LIMIT = {limit}
views = Blueprint("views", __name__)


class Model:
    def value(self):
        return {method}


model = Model()


@views.route("/")
def index():
    return jsonify([{body}, model.value(), LIMIT])
'''


class Program:
    def __init__(self, executor):
        from flask import Flask
        from views import views

        self.app = Flask("application")
        self.app.register_blueprint(views)
        self.client = self.app.test_client()

    def ask(self):
        return self.client.get("/").get_json()

    def stop(self):
        self.app = self.client = None
