// Signs up and in through the client of openapi-generator's kotlin.

import org.openapitools.client.apis.FlowApi
import org.openapitools.client.apis.SessionApi
import org.openapitools.client.infrastructure.ApiClient
import org.openapitools.client.models.Flow
import org.openapitools.client.models.FlowStart
import org.openapitools.client.models.FlowTransport
import org.openapitools.client.models.NewPasswordSubmission
import org.openapitools.client.models.PasswordStep
import org.openapitools.client.models.PasswordSubmission
import org.openapitools.client.models.StepSubmission

private val url = System.getenv("LINTEL_SERVER")
private val identifier = System.getenv("IDENTIFIER")
private const val PASSWORD = "a long walk to the blue harbour"
private val flows = ApiClient(url).createService(FlowApi::class.java)

private fun start(journey: String, submission: Any): Flow {
    val start = FlowStart(journey = journey, transport = FlowTransport.token, submit = StepSubmission(submission))
    return flows.createFlow(start).execute().body()!!
}

private fun login(password: String) =
    start("login", PasswordSubmission(password = password, type = PasswordSubmission.Type.password, identifier = identifier))

fun main() {
    val registered = start(
        "registration",
        NewPasswordSubmission(
            password = PASSWORD,
            type = NewPasswordSubmission.Type.new_password,
            identifier = identifier,
            profile = mapOf("name" to "Ada"),
        ),
    )
    check(registered.status == "completed") { registered }

    val refused = login("let me in")
    check(refused.status == "active" && refused.error?.code == "credentials_invalid") { refused }
    check(refused.steps.any { it.actualInstance is PasswordStep }) { refused }

    val signedIn = login(PASSWORD)
    check(signedIn.status == "completed") { signedIn }
    val outcome = signedIn.outcome!!

    val signed = ApiClient(url, authName = "sessionToken", bearerToken = outcome.sessionToken!!)
    val session = signed.createService(SessionApi::class.java).getSession().execute().body()!!
    check(session.userId == outcome.user.id) { session }

    val stranger = ApiClient(url).createService(SessionApi::class.java).getSession().execute()
    check(stranger.code() == 401) { stranger }
}
