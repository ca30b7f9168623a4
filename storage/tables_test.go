package storage

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm/schema"
)

type column struct {
	Name     string
	Type     string
	Nullable bool
	Key      bool
}

const (
	sqliteColumns = `SELECT name, lower(type) AS type, "notnull" = 0 AS nullable, pk > 0 AS key
		FROM pragma_table_info(?)`
	postgresColumns = `SELECT column_name AS name, data_type AS type, is_nullable = 'YES' AS nullable,
			column_name IN (
				SELECT k.column_name FROM information_schema.key_column_usage k
				JOIN information_schema.table_constraints c
				ON c.constraint_schema = k.constraint_schema AND c.constraint_name = k.constraint_name
				WHERE c.constraint_type = 'PRIMARY KEY' AND c.table_name = columns.table_name
				AND c.table_schema = current_schema()
			) AS key
		FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = ?`
	sqliteTables   = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`
	postgresTables = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()`

	sqliteIndexes = `SELECT m.name AS place, i.name AS name,
			(SELECT group_concat(COALESCE(c.name, '?'), '_') FROM pragma_index_info(i.name) c) AS columns
		FROM sqlite_master m, pragma_index_list(m.name) i
		WHERE m.type = 'table' AND i."unique" AND i.origin = 'c'`
	postgresIndexes = `SELECT t.relname AS place, i.relname AS name,
			string_agg(COALESCE(a.attname, '?'), '_' ORDER BY k.place) AS columns
		FROM pg_index x
		JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
		JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = current_schema()
		CROSS JOIN LATERAL unnest(x.indkey) WITH ORDINALITY AS k(number, place)
		LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number AND k.number > 0
		WHERE x.indisunique AND NOT x.indisprimary GROUP BY t.relname, i.relname`
)

// stored says which column types a Go type may be kept in, on either engine.
func stored(of reflect.Type) []string {
	switch of {
	case reflect.TypeFor[uid]():
		return []string{"blob", "uuid"}
	case reflect.TypeFor[micros]():
		return []string{"integer", "timestamp with time zone"}
	}
	switch of.Kind() {
	case reflect.String:
		return []string{"text"}
	case reflect.Bool:
		return []string{"integer", "boolean"}
	case reflect.Int, reflect.Int64:
		return []string{"integer", "bigint"}
	case reflect.Int32, reflect.Int16:
		return []string{"integer", "smallint"}
	case reflect.Float64:
		return []string{"real", "double precision"}
	case reflect.Slice:
		if of.Elem().Kind() == reflect.Uint8 {
			return []string{"blob", "bytea"}
		}
	}
	return []string{"text"} // a list or object, kept as JSON
}

// The row structs and the migrated tables say the same, on both engines.
func TestRowsMatchTheirTables(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, db *DB) {
		query, list := sqliteColumns, sqliteTables
		if db.Engine() == Postgres {
			query, list = postgresColumns, postgresTables
		}
		expected := []string{versionTable}
		if db.Engine() == Postgres {
			expected = append(expected, lockTable)
		}
		var cache sync.Map
		for _, row := range tables() {
			described, err := schema.Parse(row, &cache, db.reader.NamingStrategy)
			require.NoError(t, err)
			expected = append(expected, described.Table)
			var columns []column
			require.NoError(t, across(db.read(t.Context())).Raw(query, described.Table).Scan(&columns).Error)
			inTable := make(map[string]column)
			for _, one := range columns {
				inTable[one.Name] = one
			}
			for _, field := range described.Fields {
				where := described.Table + "." + field.DBName
				found, ok := inTable[field.DBName]
				require.True(t, ok, "%s is not in the table", where)
				delete(inTable, field.DBName)
				require.Contains(t, stored(field.IndirectFieldType), found.Type, where)
				require.Equal(t, field.PrimaryKey, found.Key, "%s: primary key", where)
				mayBeNull := field.FieldType.Kind() == reflect.Pointer || field.FieldType.Kind() == reflect.Slice
				require.True(t, mayBeNull || !found.Nullable, "%s may be NULL, which the row cannot hold", where)
				require.True(t, field.FieldType.Kind() != reflect.Pointer || found.Nullable, "%s is never NULL", where)
			}
			require.Empty(t, inTable, "%s has columns that no row knows", described.Table)
		}
		var actual []string
		require.NoError(t, across(db.read(t.Context())).Raw(list).Scan(&actual).Error)
		require.ElementsMatch(t, expected, actual)
	})
}

// A later migration finds an index by its name, which has to be the same on either engine.
func TestUniqueIndexesAreNamedAfterTheirColumns(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, db *DB) {
		query := sqliteIndexes
		if db.Engine() == Postgres {
			query = postgresIndexes
		}
		var indexes []struct{ Place, Name, Columns string }
		require.NoError(t, across(db.read(t.Context())).Raw(query).Scan(&indexes).Error)
		require.NotEmpty(t, indexes)
		for _, index := range indexes {
			if index.Place == versionTable || index.Place == lockTable || strings.Contains(index.Columns, "?") {
				continue
			}
			require.Equal(t, fmt.Sprintf("%s_%s_key", index.Place, index.Columns), index.Name)
			require.LessOrEqual(t, len(index.Name), 63, "PostgreSQL cuts longer names")
		}
	})
}

// Every row type of this package is in tables(): it is found by its TableName.
func TestEveryRowIsListed(t *testing.T) {
	t.Parallel()
	listed := make(map[string]bool)
	for _, row := range tables() {
		listed[reflect.TypeOf(row).Name()] = true
	}
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		for _, declaration := range file.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if !ok || function.Name.Name != "TableName" || function.Recv == nil {
				continue
			}
			receiver := function.Recv.List[0].Type
			if pointer, ok := receiver.(*ast.StarExpr); ok {
				receiver = pointer.X
			}
			require.True(t, listed[fmt.Sprint(receiver)], "%v is missing in tables()", receiver)
		}
	}
}
