package storage

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/lintel-id/lintel/server/platform/reqctx"
)

const tenantColumn = "tenant_id"

// of is the condition that every statement on a tenant's table carries, as in
// gorm.G[row](handle, of(tenant)).
func of(tenant uid) clause.Expression {
	return clause.Eq{Column: clause.Column{Table: clause.CurrentTable, Name: tenantColumn}, Value: tenant}
}

// across gives a handle for statements that serve the whole process (the
// sequencer, a sweep over all tenants, the search for a tenant itself) and so name
// none. The mark is on the pool, the one thing that gorm.G keeps of a handle.
func across(handle *gorm.DB) *gorm.DB {
	return over(handle.Statement.Context, handle, acrossPool{handle.Statement.ConnPool})
}

type acrossPool struct{ gorm.ConnPool }

// guard refuses every statement that does not name the tenant of its context, so
// that a forgotten condition is an error in the first test and not a leak.
func guard(handle *gorm.DB) error {
	callback := handle.Callback()
	for _, err := range []error{
		callback.Query().Before("gorm:query").Register("lintel:scope", guardWhere),
		callback.Update().Before("gorm:update").Register("lintel:scope", guardWhere),
		callback.Delete().Before("gorm:delete").Register("lintel:scope", guardWhere),
		callback.Row().Before("gorm:row").Register("lintel:scope", guardWhere),
		callback.Raw().Before("gorm:raw").Register("lintel:scope", guardWhere),
		callback.Create().Before("gorm:create").Register("lintel:scope", guardInsert),
	} {
		if err != nil {
			return fmt.Errorf("storage: guard: %w", err)
		}
	}
	return nil
}

// guarded tells whether the statement has to name a tenant, and which.
func guarded(db *gorm.DB) (tenant uid, yes bool) {
	if _, marked := db.Statement.ConnPool.(acrossPool); marked || db.Error != nil {
		return uid{}, false
	}
	named, err := reqctx.Tenant(db.Statement.Context)
	if err != nil {
		_ = db.AddError(err)
		return uid{}, false
	}
	return uidOf(named), true
}

func guardWhere(db *gorm.DB) {
	tenant, yes := guarded(db)
	if !yes {
		return
	}
	if db.Statement.SQL.Len() > 0 { // written by hand
		if !strings.Contains(db.Statement.SQL.String(), tenantColumn) || !binds(db.Statement.Vars, tenant) {
			_ = db.AddError(ErrUnscoped)
		}
		return
	}
	where, _ := db.Statement.Clauses["WHERE"].Expression.(clause.Where)
	if !limited(where.Exprs, tenant) {
		_ = db.AddError(fmt.Errorf("%w: %s", ErrUnscoped, db.Statement.Table))
	}
}

// limited tells whether the conditions confine the statement to the tenant: one of
// them does, and none is an alternative to it.
func limited(conditions []clause.Expression, tenant uid) bool {
	confined := false
	for _, condition := range conditions {
		switch condition := condition.(type) {
		case clause.OrConditions:
			return false
		case clause.Eq:
			column, ok := condition.Column.(clause.Column)
			confined = confined || ok && column.Name == tenantColumn && condition.Value == any(tenant)
		case clause.AndConditions:
			confined = confined || limited(condition.Exprs, tenant)
		}
	}
	return confined
}

func binds(vars []any, tenant uid) bool {
	return slices.Contains(vars, any(tenant))
}

// guardInsert compares the tenant of every new row.
func guardInsert(db *gorm.DB) {
	tenant, yes := guarded(db)
	if !yes {
		return
	}
	if !rowsOf(db.Statement, tenant) {
		_ = db.AddError(fmt.Errorf("%w: %s", ErrUnscoped, db.Statement.Table))
	}
}

func rowsOf(statement *gorm.Statement, tenant uid) bool {
	if statement.Schema == nil || statement.Schema.LookUpField(tenantColumn) == nil {
		return false
	}
	field := statement.Schema.LookUpField(tenantColumn)
	own := func(row reflect.Value) bool {
		if row.Kind() != reflect.Struct {
			return false
		}
		value, _ := field.ValueOf(statement.Context, row)
		return value == any(tenant)
	}
	if statement.ReflectValue.Kind() != reflect.Slice {
		return own(statement.ReflectValue)
	}
	for i := range statement.ReflectValue.Len() {
		if !own(reflect.Indirect(statement.ReflectValue.Index(i))) {
			return false
		}
	}
	return true
}
