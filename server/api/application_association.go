package api

import (
	"context"
	"net"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/application/relyingparty"
)

// associationAPI is what browsers, phones and password managers read of who belongs to a
// relying party.
type associationAPI struct {
	applications *application.Service
}

// keptByReaders is how long they may go on with what they have read.
const keptByReaders = "public, max-age=300"

// associated finds what is said at the host of the request, which has led to the tenant; it
// is one of the tenant's own, or this code is not reached. Where what was asked for is not
// said, there is no such document.
func (a associationAPI) associated(ctx context.Context, says func(relyingparty.Association) bool) (relyingparty.Association, error) {
	r := requestOf(ctx)
	found, err := a.applications.Associations(ctx, nameOf(string(r.header.Host())))
	if err == nil && !says(found) {
		err = application.ErrNoAssociation
	}
	r.cache = lineOf(fiber.HeaderCacheControl, keptByReaders)
	return found, err
}

// nameOf is a host without its port, in the spelling of relying parties.
func nameOf(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(host)
}

// GetRelatedOrigins answers which other origins may use the passkeys.
func (a associationAPI) GetRelatedOrigins(ctx context.Context, _ gen.GetRelatedOriginsRequestObject) (gen.GetRelatedOriginsResponseObject, error) {
	found, err := a.associated(ctx, func(said relyingparty.Association) bool { return len(said.RelatedOrigins) > 0 })
	if err != nil {
		return nil, err
	}
	return gen.GetRelatedOrigins200JSONResponse{
		Body:    gen.RelatedOrigins{Origins: texts(found.RelatedOrigins)},
		Headers: gen.GetRelatedOrigins200ResponseHeaders{CacheControl: keptByReaders},
	}, nil
}

// GetAppleAppSiteAssociation answers which Apple apps belong here.
func (a associationAPI) GetAppleAppSiteAssociation(ctx context.Context, _ gen.GetAppleAppSiteAssociationRequestObject) (gen.GetAppleAppSiteAssociationResponseObject, error) {
	found, err := a.associated(ctx, func(said relyingparty.Association) bool { return len(said.AppleApps) > 0 })
	if err != nil {
		return nil, err
	}
	return gen.GetAppleAppSiteAssociation200JSONResponse{
		Body:    gen.AppleAppSiteAssociation{Webcredentials: gen.AppleWebCredentials{Apps: texts(found.AppleApps)}},
		Headers: gen.GetAppleAppSiteAssociation200ResponseHeaders{CacheControl: keptByReaders},
	}, nil
}

// GetAssetLinks answers which Android apps belong here.
func (a associationAPI) GetAssetLinks(ctx context.Context, _ gen.GetAssetLinksRequestObject) (gen.GetAssetLinksResponseObject, error) {
	found, err := a.associated(ctx, func(said relyingparty.Association) bool { return len(said.AndroidApps) > 0 })
	if err != nil {
		return nil, err
	}
	links := make(gen.AssetLinks, len(found.AndroidApps))
	for i, app := range found.AndroidApps {
		links[i] = gen.AssetLink{
			Relation: []string{"delegate_permission/common.get_login_creds"},
			Target:   gen.AssetLinkTarget{Namespace: "android_app", PackageName: app.Package, Sha256CertFingerprints: texts(app.Fingerprints)},
		}
	}
	return gen.GetAssetLinks200JSONResponse{Body: links, Headers: gen.GetAssetLinks200ResponseHeaders{CacheControl: keptByReaders}}, nil
}

// GetPasskeyEndpoints answers where people make and manage their passkeys.
func (a associationAPI) GetPasskeyEndpoints(ctx context.Context, _ gen.GetPasskeyEndpointsRequestObject) (gen.GetPasskeyEndpointsResponseObject, error) {
	found, err := a.associated(ctx, func(relyingparty.Association) bool { return true })
	if err != nil {
		return nil, err
	}
	return gen.GetPasskeyEndpoints200JSONResponse{
		Body:    gen.PasskeyEndpoints{Enroll: optionalText[string](found.EnrollURL), Manage: optionalText[string](found.ManageURL)},
		Headers: gen.GetPasskeyEndpoints200ResponseHeaders{CacheControl: keptByReaders},
	}, nil
}

// RedirectToChangePassword leads to where people change their password.
func (a associationAPI) RedirectToChangePassword(ctx context.Context, _ gen.RedirectToChangePasswordRequestObject) (gen.RedirectToChangePasswordResponseObject, error) {
	found, err := a.associated(ctx, func(said relyingparty.Association) bool { return said.ChangePasswordURL != "" })
	if err != nil {
		return nil, err
	}
	return gen.RedirectToChangePassword302Response{Headers: gen.RedirectToChangePassword302ResponseHeaders{
		CacheControl: keptByReaders, Location: found.ChangePasswordURL,
	}}, nil
}
