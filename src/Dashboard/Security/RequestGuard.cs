using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Etl.Dashboard.Security;

/// <summary>
/// What every request has to pass before anything else sees it: it must call the host by a name of its own (or a page of somebody
/// else's could reach it by rebinding that one's name), must not come from another site's page when it changes something, and must bring
/// the token where there is one.
/// </summary>
public sealed class RequestGuard(RequestDelegate next, WebOptions options)
{
    private static readonly string[] LoopbackNames = ["localhost", "127.0.0.1", "::1"];

    /// <summary>Passes a request on, or ends it.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        Harden(context);
        if (!IsOwnName(context.Request.Host.Host))
        {
            await RefuseAsync(context, 421, "the request calls this host by a name that is not its own; start the host with --name NAME to be called so").ConfigureAwait(false);
            return;
        }

        if (ComesFromElsewhere(context.Request))
        {
            await RefuseAsync(context, 403, "the request comes from a page of another site").ConfigureAwait(false);
            return;
        }

        if (options.Token is { } token && !IsOpen(context.Request.Path) && !HasToken(context.Request, token))
        {
            if (HttpMethods.IsGet(context.Request.Method) && !IsForPrograms(context.Request.Path) && !IsUpgrade(context.Request))
            {
                context.Response.Redirect("/login");
                return;
            }

            context.Response.Headers.WWWAuthenticate = "Bearer";
            await RefuseAsync(context, 401, "a token is needed: Authorization: Bearer TOKEN; the host printed it when it started").ConfigureAwait(false);
            return;
        }

        await next(context).ConfigureAwait(false);
    }

    /// <summary>A refusal in the form of the API's errors.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string reason) =>
        Results.Problem(reason, statusCode: status).ExecuteAsync(context);

    // Styles within elements are how the component library draws; scripts are files of this host and nothing else.
    private void Harden(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
            + "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        if (options.CertificateFile is not null) headers.StrictTransportSecurity = "max-age=31536000";
    }

    private bool IsOwnName(string name) =>
        options.Names.Contains(name, StringComparer.OrdinalIgnoreCase)
        || (options.IsLoopback || options.Address.Equals(IPAddress.Any) || options.Address.Equals(IPAddress.IPv6Any)
            ? LoopbackNames.Contains(name.Trim('[', ']'), StringComparer.OrdinalIgnoreCase)
            : IPAddress.TryParse(name.Trim('[', ']'), out var address) && address.Equals(options.Address));

    // A browser tells where a request comes from; what is no browser tells nothing, and has no cookie that somebody could ride on.
    private bool ComesFromElsewhere(HttpRequest request)
    {
        var changes = !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method);
        if (!changes && !IsUpgrade(request) && !request.Path.StartsWithSegments("/_blazor")) return false;
        if (request.Headers.TryGetValue("Sec-Fetch-Site", out var site) && site is not ["same-origin"] and not ["none"]) return true;
        if (!request.Headers.TryGetValue("Origin", out var origin)) return false;
        var scheme = options.IsBehindProxy ? "https" : request.Scheme;
        return !string.Equals(origin.ToString(), $"{scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);
    }

    // Of web sockets ASP.NET Core itself knows only behind this; a browser lets any page open one to anywhere.
    private static bool IsUpgrade(HttpRequest request) => request.HttpContext.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true };

    // The way in, what it is drawn with, and whether there is anybody: none of it tells anything.
    private static bool IsOpen(PathString path) => path == "/login" || path == "/health/live" || path == "/_content/Etl.Dashboard/dashboard.css";

    private static bool IsForPrograms(PathString path) => path.StartsWithSegments("/api") || path == "/metrics";

    private static bool HasToken(HttpRequest request, string token)
    {
        var bearer = request.Headers.Authorization.ToString();
        return (bearer.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && AccessToken.Matches(bearer["Bearer ".Length..].Trim(), token))
            || AccessToken.Matches(request.Cookies[AccessToken.Cookie], token);
    }
}
