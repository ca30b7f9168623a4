"""Signs up and in through the client of openapi-generator's python."""

import os

import openapi_client as lintel

URL, IDENTIFIER = os.environ["LINTEL_SERVER"], os.environ["IDENTIFIER"]
PASSWORD = "a long walk to the blue harbour"


def start(flows: lintel.FlowApi, journey: str, submission: object) -> lintel.Flow:
    return flows.create_flow(
        lintel.FlowStart(
            journey=journey, transport=lintel.FlowTransport.TOKEN, submit=lintel.StepSubmission(submission)
        )
    )


def login(flows: lintel.FlowApi, password: str) -> lintel.Flow:
    return start(
        flows, "login", lintel.PasswordSubmission(type="password", identifier=IDENTIFIER, password=password)
    )


def session(token: str | None) -> lintel.Session:
    with lintel.ApiClient(lintel.Configuration(host=URL, access_token=token)) as client:
        return lintel.SessionApi(client).get_session()


def main() -> None:
    with lintel.ApiClient(lintel.Configuration(host=URL)) as client:
        flows = lintel.FlowApi(client)
        registered = start(
            flows,
            "registration",
            lintel.NewPasswordSubmission(
                type="new_password", identifier=IDENTIFIER, password=PASSWORD, profile={"name": "Ada"}
            ),
        )
        assert registered.status == "completed", registered

        refused = login(flows, "let me in")
        assert refused.status == "active", refused
        assert refused.error is not None and refused.error.code == "credentials_invalid", refused
        assert any(isinstance(step.actual_instance, lintel.PasswordStep) for step in refused.steps), refused

        signed_in = login(flows, PASSWORD)
        assert signed_in.status == "completed", signed_in
        outcome = signed_in.outcome
        assert outcome is not None

    assert session(outcome.session_token).user_id == outcome.user.id
    try:
        session(None)
    except lintel.exceptions.UnauthorizedException as refusal:
        assert isinstance(refusal.data, lintel.Problem) and refusal.data.code == "session_invalid", refusal.data
    else:
        raise AssertionError("a stranger has a session")


main()
