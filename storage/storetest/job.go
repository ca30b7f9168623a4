package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/job"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/storage"
)

// Jobs is what the store of jobs promises.
func Jobs(t *testing.T) {
	each(t, map[string]func(t *testing.T, db *storage.DB){
		"RoundTrip": jobsRoundTrip,
		"Claim":     jobsClaim,
		"ClaimRace": jobsClaimRace,
		"Fence":     jobsFence,
		"Delete":    jobsDelete,
		"Erase":     jobsErase,
		"Person":    jobsPerson,
	})
}

func aJob(tenant id.Tenant) job.Job {
	made := job.Job{
		Tenant: tenant, Type: "count", Status: job.Queued, Asked: []byte(`{"to":"🐝"}`), Scope: "audit:read", Personal: true,
		By: reqctx.Actor{Kind: reqctx.APIKey, ID: "key_1"}, CreatedAt: after(0),
	}
	copyID(&made.ID)
	return made
}

func copyID[K id.Kind](into *id.Of[K]) { *into = id.New[K](Start()) }

func queued(t *testing.T, db *storage.DB) (context.Context, job.Job) {
	t.Helper()
	tenant := NewTenant()
	ctx, made := Within(t.Context(), tenant), aJob(tenant)
	require.NoError(t, storage.NewJobs(db).InsertJob(ctx, made))
	return ctx, made
}

func claim(t *testing.T, db *storage.DB, at time.Duration) (job.Job, bool) {
	t.Helper()
	claimed, found, err := storage.NewJobs(db).ClaimJob(everywhere(t), []string{"count"}, after(at), after(at+time.Minute))
	require.NoError(t, err)
	return claimed, found
}

func ended(j job.Job, how job.Status) job.Job {
	j.Status, j.FinishedAt, j.ExpiresAt = how, at(time.Hour), at(2*time.Hour)
	return j
}

func jobsRoundTrip(t *testing.T, db *storage.DB) {
	jobs := storage.NewJobs(db)
	ctx, made := queued(t, db)
	found, err := jobs.JobByID(ctx, made.ID)
	require.NoError(t, err)
	require.Equal(t, made, found)
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := jobs.JobByID(ctx, made.ID)
		return found.Type != "", err
	}, job.ErrUnknown)
	second := aJob(made.Tenant)
	require.NoError(t, jobs.InsertJob(ctx, second))
	listed, err := jobs.Jobs(ctx, job.ID{}, 1)
	require.NoError(t, err)
	require.Len(t, listed, 1)
	rest, err := jobs.Jobs(ctx, listed[0].ID, 5)
	require.NoError(t, err)
	require.ElementsMatch(t, []job.Job{made, second}, append(listed, rest...))
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := jobs.Jobs(ctx, job.ID{}, 5)
		return len(found) > 0, err
	}, nil)
	load, err := jobs.Load(ctx, made.By, 10, 10)
	require.NoError(t, err)
	require.Equal(t, job.Load{Unfinished: 2, Own: 2}, load)
	load, err = jobs.Load(ctx, made.By, 1, 1)
	require.NoError(t, err)
	require.Equal(t, job.Load{Unfinished: 1, Own: 1}, load)
	load, err = jobs.Load(ctx, reqctx.Actor{Kind: reqctx.User, ID: "usr_a"}, 10, 10)
	require.NoError(t, err)
	require.Zero(t, load)
	strangers(t, func(ctx context.Context) (bool, error) {
		load, err := jobs.Load(ctx, made.By, 10, 10)
		return load != job.Load{}, err
	}, nil)
	_, _, err = jobs.ClaimJob(ctx, []string{"count"}, after(0), after(1))
	require.ErrorIs(t, err, reqctx.ErrNoTenant)
	_, err = jobs.DeleteJobs(ctx, after(0), 1)
	require.ErrorIs(t, err, reqctx.ErrNoTenant)
}

func jobsClaim(t *testing.T, db *storage.DB) {
	jobs := storage.NewJobs(db)
	ctx, made := queued(t, db)
	_, found, err := jobs.ClaimJob(everywhere(t), []string{"other"}, after(0), after(time.Minute))
	require.NoError(t, err)
	require.False(t, found, "nobody claims what he does not know")
	claimed, found := claim(t, db, 0)
	require.True(t, found)
	require.Equal(t, made.ID, claimed.ID)
	stored, err := jobs.JobByID(ctx, made.ID)
	require.NoError(t, err)
	require.Equal(t, stored, claimed)
	_, found = claim(t, db, time.Minute-time.Microsecond)
	require.False(t, found)
	claimed.Done, claimed.Total = 3, 9
	require.NoError(t, jobs.KeepJob(ctx, claimed, after(2*time.Minute)))
	_, found = claim(t, db, time.Minute)
	require.False(t, found, "the claim was prolonged")
	next, found := claim(t, db, 2*time.Minute)
	require.True(t, found)
	require.EqualValues(t, 2, next.Fence)
	require.Zero(t, next.Done)
}

func jobsClaimRace(t *testing.T, db *storage.DB) {
	queued(t, db)
	require.Equal(t, 1, Race(t, func(int) (bool, error) {
		_, found, err := storage.NewJobs(db).ClaimJob(everywhere(t), []string{"count"}, after(0), after(time.Minute))
		return found, err
	}))
}

// Whoever lost a claim writes nothing any more, and what they wrote is no part of the result.
func jobsFence(t *testing.T, db *storage.DB) {
	jobs := storage.NewJobs(db)
	ctx, _ := queued(t, db)
	old, _ := claim(t, db, 0)
	require.NoError(t, jobs.AppendPart(ctx, old, 0, []byte("old"), after(time.Minute)))
	own, found := claim(t, db, time.Hour)
	require.True(t, found)
	require.ErrorIs(t, jobs.AppendPart(ctx, old, 1, []byte("old"), after(time.Minute)), job.ErrLost)
	require.ErrorIs(t, jobs.KeepJob(ctx, old, after(time.Minute)), job.ErrLost)
	require.ErrorIs(t, jobs.EndJob(ctx, ended(old, job.Completed)), job.ErrLost)
	_, err := jobs.Part(ctx, old, 0)
	require.ErrorIs(t, err, job.ErrNoResult)
	require.NoError(t, jobs.AppendPart(ctx, own, 0, []byte("new"), after(time.Minute)))
	own.Parts, own.Bytes, own.ContentType = 1, 3, "text/csv"
	require.NoError(t, jobs.EndJob(ctx, ended(own, job.Completed)))
	stored, err := jobs.JobByID(ctx, own.ID)
	require.NoError(t, err)
	require.Equal(t, ended(own, job.Completed), stored)
	sealed, err := jobs.Part(ctx, stored, 0)
	require.NoError(t, err)
	require.Equal(t, "new", string(sealed))
	strangers(t, func(ctx context.Context) (bool, error) {
		sealed, err := jobs.Part(ctx, stored, 0)
		return len(sealed) > 0, err
	}, job.ErrNoResult)
	require.ErrorIs(t, jobs.EndJob(ctx, ended(own, job.Cancelled)), job.ErrLost, "it has ended")
	require.ErrorIs(t, jobs.EndJob(Within(t.Context(), NewTenant()), ended(own, job.Cancelled)), job.ErrLost)
}

func jobsDelete(t *testing.T, db *storage.DB) {
	jobs := storage.NewJobs(db)
	ctx, _ := queued(t, db)
	own, _ := claim(t, db, 0)
	require.NoError(t, jobs.AppendPart(ctx, own, 0, []byte("new"), after(time.Minute)))
	require.NoError(t, jobs.EndJob(ctx, ended(own, job.Cancelled)))
	_, err := jobs.Part(ctx, own, 0)
	require.ErrorIs(t, err, job.ErrNoResult, "what was cancelled leaves no result")
	_, found := claim(t, db, 90*time.Minute)
	require.False(t, found)
	early, err := jobs.DeleteJobs(everywhere(t), after(2*time.Hour-time.Microsecond), 10)
	require.NoError(t, err)
	require.Zero(t, early)
	count, err := jobs.DeleteJobs(everywhere(t), after(2*time.Hour), 10)
	require.NoError(t, err)
	require.Equal(t, 1, count)
	_, err = jobs.JobByID(ctx, own.ID)
	require.ErrorIs(t, err, job.ErrUnknown)
}

// What may tell of an erased person goes, and what is being made begins anew.
func jobsErase(t *testing.T, db *storage.DB) {
	jobs := storage.NewJobs(db)
	ctx, _ := queued(t, db)
	done, _ := claim(t, db, 0)
	require.NoError(t, jobs.AppendPart(ctx, done, 0, []byte("ada"), after(time.Minute)))
	done.Parts = 1
	require.NoError(t, jobs.EndJob(ctx, ended(done, job.Completed)))
	running := aJob(done.Tenant)
	require.NoError(t, jobs.InsertJob(ctx, running))
	running, _ = claim(t, db, 0)
	require.NoError(t, jobs.AppendPart(ctx, running, 0, []byte("ada"), after(time.Minute)))
	require.NoError(t, jobs.EraseUser(Within(t.Context(), NewTenant()), newUserID()))
	_, err := jobs.Part(ctx, done, 0)
	require.NoError(t, err, "another tenant's erasure is not this one's")

	require.NoError(t, jobs.EraseUser(ctx, newUserID()))
	for _, one := range []job.Job{done, running} {
		_, err := jobs.Part(ctx, one, 0)
		require.ErrorIs(t, err, job.ErrNoResult)
	}
	require.ErrorIs(t, jobs.KeepJob(ctx, running, after(time.Minute)), job.ErrLost)
	again, found := claim(t, db, 0)
	require.True(t, found)
	require.Equal(t, running.ID, again.ID)
	stored, err := jobs.JobByID(ctx, done.ID)
	require.NoError(t, err)
	require.Zero(t, stored.Parts)
}

// Jobs about one user are found by whose they are, and name nobody once that one is erased;
// those about others stay as they are.
func jobsPerson(t *testing.T, db *storage.DB) {
	jobs, tenant := storage.NewJobs(db), NewTenant()
	ctx, ada, bob := Within(t.Context(), tenant), newUserID(), newUserID()
	add := func(person, by string, kind reqctx.ActorKind) job.Job {
		made := aJob(tenant)
		made.Person, made.By = person, reqctx.Actor{Kind: kind, ID: by}
		require.NoError(t, jobs.InsertJob(ctx, made))
		return made
	}
	own, operators := add(ada.String(), ada.String(), reqctx.User), add(ada.String(), "key_1", reqctx.APIKey)
	theirs := add(bob.String(), bob.String(), reqctx.User)
	add("", "", reqctx.User)
	of := func(ctx context.Context, person string) []job.Job {
		found, err := jobs.OwnJobs(ctx, "count", person, 10)
		require.NoError(t, err)
		return found
	}
	require.Equal(t, []job.Job{own}, of(ctx, ada.String()))
	require.Empty(t, of(ctx, ""))
	found, err := jobs.OwnJobs(ctx, "other", ada.String(), 10)
	require.NoError(t, err)
	require.Empty(t, found)
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := jobs.OwnJobs(ctx, "count", ada.String(), 10)
		return len(found) > 0, err
	}, nil)
	load, err := jobs.Load(ctx, own.By, 10, 10)
	require.NoError(t, err)
	require.Equal(t, 3, load.Unfinished)

	require.NoError(t, jobs.EraseUser(ctx, ada))
	require.Empty(t, of(ctx, ada.String()))
	for _, gone := range []job.Job{own, operators} {
		left, err := jobs.JobByID(ctx, gone.ID)
		require.NoError(t, err)
		require.Empty(t, left.Person)
		require.NotEqual(t, ada.String(), left.By.ID)
		require.JSONEq(t, "{}", string(left.Asked))
	}
	require.Equal(t, []job.Job{theirs}, of(ctx, bob.String()))
}
