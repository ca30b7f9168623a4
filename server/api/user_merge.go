package api

import (
	"context"
	"strings"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/merge"
	"github.com/lintel-id/lintel/server/user/adoption"
)

// userMergeAPI makes one user of two.
type userMergeAPI struct{ merge *merge.Service }

// PreviewUserMerge tells what a merge would do.
func (a userMergeAPI) PreviewUserMerge(ctx context.Context, request gen.PreviewUserMergeRequestObject) (gen.PreviewUserMergeResponseObject, error) {
	wanted, err := fromAPIUserMerge(request.UserID, *request.Body)
	if err != nil {
		return nil, err
	}
	plan, err := a.merge.Preview(ctx, requestOf(ctx).giver(), wanted)
	if err != nil {
		return nil, err
	}
	tag := `"` + plan.Tag + `"`
	return gen.PreviewUserMerge200JSONResponse{
		Body: toAPIMergePreview(wanted, plan), Headers: gen.PreviewUserMerge200ResponseHeaders{ETag: &tag},
	}, nil
}

// MergeUsers does what a preview has told.
func (a userMergeAPI) MergeUsers(ctx context.Context, request gen.MergeUsersRequestObject) (gen.MergeUsersResponseObject, error) {
	wanted, err := fromAPIUserMerge(request.UserID, *request.Body)
	if err != nil {
		return nil, err
	}
	after, err := a.merge.Merge(ctx, requestOf(ctx).giver(), wanted, strings.Trim(request.Params.IfMatch, `"`))
	if err != nil {
		return nil, err
	}
	return gen.MergeUsers200JSONResponse{Body: toAPIUserRecord(after), Headers: gen.MergeUsers200ResponseHeaders{ETag: toAPIETag(after.Version)}}, nil
}

func fromAPIUserMerge(target string, body gen.UserMerge) (merge.Wanted, error) {
	into, err := fromAPIUserID(target)
	if err != nil {
		return merge.Wanted{}, err
	}
	from, err := fromAPIUserID(body.SourceUserID)
	return merge.Wanted{Target: into, Source: from, PreferSource: given(body.Conflicts) == gen.UserMergeConflictsPreferSource}, err
}

func toAPIMergePreview(wanted merge.Wanted, plan merge.Plan) gen.UserMergePreview {
	out := gen.UserMergePreview{
		TargetUserID: wanted.Target.String(), SourceUserID: wanted.Source.String(), Identifiers: make([]gen.Identifier, len(plan.Users.Moved)),
		Profile: toAPIMergeMembers(plan.Users.Profile), PublicMetadata: toAPIMergeMembers(plan.Users.PublicMetadata),
		PrivateMetadata: toAPIMergeMembers(plan.Users.PrivateMetadata), Roles: make([]gen.UserMergeRole, len(plan.Roles)),
		ConsentsMoved: int32(plan.Consents), ConsentsDropped: int32(plan.ConsentsAlike), SessionsEnded: int32(plan.Sessions), PasskeysDropped: int32(plan.PasskeysDropped),
		Password:  gen.UserMergePassword{Stays: plan.PasswordStays, Dropped: plan.PasswordDropped},
		CreatedAt: plan.Users.Target.CreatedAt, LastLoginAt: toAPITime(plan.Users.Target.LastLoginAt),
	}
	for i, one := range plan.Users.Moved {
		out.Identifiers[i] = toAPIIdentifier(one)
	}
	for i, one := range plan.Roles {
		out.Roles[i] = gen.UserMergeRole{ID: one.ID.String(), Key: one.Key, Name: one.Name}
	}
	return out
}

func toAPIMergeMembers(from adoption.Adopted) gen.UserMergeMembers {
	out := gen.UserMergeMembers{
		Taken: append([]string{}, from.Taken...), Left: append([]string{}, from.Left...), Conflicts: []gen.UserMergeConflict{},
	}
	for _, name := range from.Kept {
		out.Conflicts = append(out.Conflicts, gen.UserMergeConflict{Name: name, Stays: "target"})
	}
	for _, name := range from.Replaced {
		out.Conflicts = append(out.Conflicts, gen.UserMergeConflict{Name: name, Stays: "source"})
	}
	return out
}
