// The reference is drawn from the document that this server serves. Nothing is sent
// to a validator, and credentials typed in are not kept.
SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  validatorUrl: null,
  persistAuthorization: false,
  withCredentials: true,
  defaultModelsExpandDepth: 0,
  defaultModelExpandDepth: 3,
  docExpansion: 'list',
  displayRequestDuration: true,
  requestSnippetsEnabled: true,
});
