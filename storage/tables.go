package storage

// tables lists a row of every table, so that a test can hold each against what
// the migrations made. A row type that is missing here fails that test.
func tables() []any {
	return []any{
		tenantRow{}, tenantHostRow{}, tenantRevisionRow{}, userRow{}, userIdentifierRow{}, userAttributeRow{}, schemaRow{}, applicationRow{}, applicationSecretRow{}, consentRow{},
		passwordRow{}, sessionRow{}, userKeyRow{}, apikeyRow{}, apikeySecretRow{}, claimRow{}, flowRow{}, flowAnswerRow{},
		eventRow{}, sequencerRow{}, signingKeyRow{}, roleRow{}, roleAssignmentRow{},
		auditRecordRow{}, auditHeadRow{}, auditRemovalRow{}, auditCursorRow{}, jobRow{}, jobPartRow{}, messageRow{}, recoveryRow{}, messageBudgetRow{}, messageRangeRow{}, templateRow{}, templateApplicationRow{}, invitationRow{}, reversalRow{}, passkeyRow{}, passkeyHandleRow{},
	}
}
