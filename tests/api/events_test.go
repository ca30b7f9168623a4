package api_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/audit"
	"github.com/lintel-id/lintel/server/consent"
	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/server/invitation"
	"github.com/lintel-id/lintel/server/job"
	"github.com/lintel-id/lintel/server/jwks"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/message/budget"
	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/recovery"
	"github.com/lintel-id/lintel/server/reversal"
	"github.com/lintel-id/lintel/server/role"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/template"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/server/user"
)

// shapes are the Go types behind each event: its data, and what it tells about a
// person.
func shapes() map[event.Type][2]any {
	return map[event.Type][2]any{
		apikey.EventCreated:      {apikey.CreatedData{}, nil},
		apikey.EventUpdated:      {apikey.UpdatedData{}, nil},
		apikey.EventRotated:      {apikey.RotatedData{}, nil},
		apikey.EventDeleted:      {apikey.DeletedData{}, nil},
		application.EventCreated: {application.CreatedData{}, nil},
		application.EventUpdated: {application.UpdatedData{}, nil},
		application.EventDeleted: {application.DeletedData{}, nil},

		application.EventSecretCreated: {application.SecretCreatedData{}, nil},
		application.EventSecretDeleted: {application.SecretDeletedData{}, nil},

		audit.EventTrimmed:         {audit.TrimmedData{}, nil},
		job.EventCreated:           {job.Data{}, nil},
		job.EventCompleted:         {job.Data{}, nil},
		job.EventFailed:            {job.FailedData{}, nil},
		job.EventCancelled:         {job.Data{}, nil},
		job.EventResultOpened:      {job.OpenedData{}, nil},
		user.EventMetadataUpdated:  {user.MetadataData{}, nil},
		consent.EventGiven:         {consent.GivenData{}, nil},
		flow.EventRefused:          {flow.Refused{}, nil},
		flow.EventLinkApproved:     {flow.LinkApproved{}, nil},
		recovery.EventStarted:      {recovery.StartedData{}, recovery.StartedPersonal{}},
		recovery.EventStopped:      {recovery.StoppedData{}, nil},
		recovery.EventCompleted:    {recovery.CompletedData{}, nil},
		message.EventQueued:        {message.QueuedData{}, nil},
		message.EventSent:          {message.SentData{}, nil},
		message.EventFailed:        {message.FailedData{}, nil},
		message.EventRequeued:      {message.RequeuedData{}, nil},
		message.EventWithheld:      {message.WithheldData{}, nil},
		budget.EventRangeStopped:   {budget.RangeStoppedData{}, nil},
		budget.EventRangeLifted:    {budget.RangeLiftedData{}, nil},
		message.EventDelivered:     {message.DeliveryData{}, nil},
		message.EventBounced:       {message.DeliveryData{}, nil},
		message.EventComplained:    {message.DeliveryData{}, nil},
		template.EventUpdated:      {template.UpdatedData{}, nil},
		template.EventRemoved:      {template.RemovedData{}, nil},
		invitation.EventCreated:    {invitation.SentData{}, nil},
		invitation.EventSent:       {invitation.SentData{}, nil},
		invitation.EventRevoked:    {invitation.RevokedData{}, nil},
		invitation.EventAccepted:   {invitation.AcceptedData{}, nil},
		jwks.EventCreated:          {jwks.CreatedData{}, nil},
		jwks.EventActivated:        {jwks.ActivatedData{}, nil},
		jwks.EventRetired:          {jwks.RetiredData{}, nil},
		jwks.EventRemoved:          {jwks.RemovedData{}, nil},
		passkey.EventAdded:         {passkey.AddedData{}, nil},
		passkey.EventRenamed:       {passkey.RenamedData{}, nil},
		passkey.EventRemoved:       {passkey.RemovedData{}, nil},
		passkey.EventSuspected:     {passkey.SuspectedData{}, nil},
		password.EventSet:          {password.Changed{}, nil},
		password.EventChanged:      {password.Changed{}, nil},
		reversal.EventCreated:      {reversal.CreatedData{}, reversal.Personal{}},
		reversal.EventUsed:         {reversal.EndedData{}, reversal.Personal{}},
		reversal.EventWithdrawn:    {reversal.EndedData{}, reversal.Personal{}},
		role.EventCreated:          {role.CreatedData{}, nil},
		role.EventUpdated:          {role.UpdatedData{}, nil},
		role.EventDeleted:          {role.DeletedData{}, nil},
		role.EventAssigned:         {role.AssignmentData{}, nil},
		role.EventUnassigned:       {role.AssignmentData{}, nil},
		password.EventExpired:      {password.Changed{}, nil},
		password.EventRemoved:      {password.Changed{}, nil},
		session.EventCreated:       {session.Created{}, session.CreatedPersonal{}},
		session.EventRaised:        {session.Raised{}, nil},
		session.EventEnded:         {session.Ended{}, nil},
		schema.EventVersionCreated: {schema.VersionCreatedData{}, nil},
		tenant.EventCreated:        {tenant.CreatedData{}, nil},
		tenant.EventUpdated:        {tenant.UpdatedData{}, nil},
		tenant.EventSuspended:      {tenant.StatusData{}, nil},
		tenant.EventReactivated:    {tenant.StatusData{}, nil},

		tenant.EventDeletionScheduled: {tenant.DeletionData{}, nil},
		tenant.EventDeletionCancelled: {tenant.StatusData{}, nil},
		tenant.EventDeleted:           {tenant.StatusData{}, nil},

		user.EventCreated:     {user.CreatedData{}, user.CreatedPersonal{}},
		user.EventUpdated:     {user.UpdatedData{}, user.UpdatedPersonal{}},
		user.EventSuspended:   {user.StatusData{}, nil},
		user.EventReactivated: {user.StatusData{}, nil},

		user.EventImpersonated:  {user.ImpersonatedData{}, user.ImpersonatedPersonal{}},
		user.EventUpgraded:      {user.UpgradedData{}, user.CreatedPersonal{}},
		user.EventGuestSignedIn: {user.GuestSignedInData{}, nil},
		user.EventMerged:        {user.MergedData{}, nil},
		user.EventMergedInto:    {user.MergedIntoData{}, nil},

		user.EventExportRequested: {user.ExportRequestedData{}, nil},

		user.EventDeletionScheduled: {user.DeletionData{}, nil},
		user.EventDeletionCancelled: {user.StatusData{}, nil},
		user.EventDeleted:           {user.StatusData{}, nil},

		user.EventIdentifierAdded:          {user.IdentifierData{}, user.IdentifierPersonal{}},
		user.EventIdentifierRemoved:        {user.IdentifierData{}, user.IdentifierPersonal{}},
		user.EventIdentifierVerified:       {user.IdentifierData{}, user.IdentifierPersonal{}},
		user.EventIdentifierUnverified:     {user.IdentifierData{}, user.IdentifierPersonal{}},
		user.EventIdentifierPrimaryChanged: {user.IdentifierData{}, user.IdentifierPersonal{}},
	}
}

// entry is what the catalogue says about one version of a type.
type entry struct {
	Type     string         `json:"type"`
	Version  int            `json:"version"`
	Data     map[string]any `json:"data"`
	Personal map[string]any `json:"personal"`
}

func catalogue(t *testing.T) (entries []entry) {
	t.Helper()
	var listed struct{ Events []entry }
	require.NoError(t, json.Unmarshal(gen.EventsJSON, &listed))
	require.NotEmpty(t, listed.Events)
	return listed.Events
}

// schemas of data and of personal members, by type and version.
type described map[event.Type][2]*jsonschema.Schema

func describe(t *testing.T) described {
	all := described{}
	for _, one := range catalogue(t) {
		what := event.Type{Name: one.Type, Version: one.Version}
		all[what] = [2]*jsonschema.Schema{compile(t, one.Data), compile(t, one.Personal)}
	}
	return all
}

// compile closes the open sets: of this server's own values none is unlisted.
func compile(t *testing.T, schema map[string]any) *jsonschema.Schema {
	if schema == nil {
		return nil
	}
	text, err := json.Marshal(schema)
	require.NoError(t, err)
	closed, err := jsonschema.UnmarshalJSON(bytes.NewReader(bytes.ReplaceAll(text, []byte(`"x-extensible-enum":`), []byte(`"enum":`))))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	require.NoError(t, compiler.AddResource("event.json", closed))
	compiled, err := compiler.Compile("event.json")
	require.NoError(t, err)
	return compiled
}

// hold holds an event against the catalogue, with what is sealed in it.
func (s *scenario) hold(told event.Envelope) {
	s.t.Helper()
	schemas, ok := s.described[event.Type{Name: told.Type, Version: told.Version}]
	require.True(s.t, ok, "%s version %d is described", told.Type, told.Version)
	require.NoError(s.t, fits(schemas[0], told.Data), told.Type)
	if told.Personal == nil {
		return
	}
	require.NotNil(s.t, schemas[1], "%s tells nothing about a person", told.Type)
	opened, err := s.Personal(everywhere(), told)
	if errors.Is(err, seal.ErrDestroyed) {
		return
	}
	require.NoError(s.t, err, told.Type)
	require.NoError(s.t, fits(schemas[1], opened), told.Type)
}

func fits(schema *jsonschema.Schema, text []byte) error {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return fmt.Errorf("%s: %w", text, err)
	}
	return schema.Validate(value)
}

// What is declared in Go has exactly the members that are described.
func TestPromise_ContractIsServer_EventsAreAsDescribed(t *testing.T) {
	seen := 0
	for _, one := range catalogue(t) {
		shape, ok := shapes()[event.Type{Name: one.Type, Version: one.Version}]
		if !ok {
			continue // an earlier version: nothing here records it any more
		}
		seen++
		sameMembers(t, one.Type, one.Data, reflect.TypeOf(shape[0]))
		sameMembers(t, one.Type, one.Personal, reflect.TypeOf(shape[1]))
	}
	require.Equal(t, len(shapes()), seen, "each is described")
	latest := map[string]int{}
	for _, one := range catalogue(t) {
		latest[one.Type] = max(latest[one.Type], one.Version)
	}
	for name, version := range latest {
		require.Contains(t, shapes(), event.Type{Name: name, Version: version})
	}
}

// sameMembers compares a struct, and those inside it, with an object's schema.
func sameMembers(t *testing.T, where string, schema map[string]any, shape reflect.Type) {
	t.Helper()
	if shape == nil {
		require.Nil(t, schema, where)
		return
	}
	if shape.Kind() == reflect.Slice {
		items, _ := schema["items"].(map[string]any)
		sameMembers(t, where+"[]", items, shape.Elem())
		return
	}
	if shape.Kind() != reflect.Struct || reflect.PointerTo(shape).Implements(reflect.TypeFor[json.Marshaler]()) ||
		schema["type"] != "object" {
		return
	}
	properties, _ := schema["properties"].(map[string]any)
	required, _ := schema["required"].([]any)
	for field := range shape.Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		member, ok := properties[name].(map[string]any)
		require.True(t, ok, "%s: %s is described", where, name)
		always := !strings.Contains(options, "omit")
		require.Equal(t, always, slices.Contains(required, any(name)), "%s: %s is required where it is always there", where, name)
		sameMembers(t, where+"."+name, member, field.Type)
	}
	require.Len(t, properties, shape.NumField(), where)
}
