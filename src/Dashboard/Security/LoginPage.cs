using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Etl.Dashboard.Security;

/// <summary>Where a browser exchanges the token for a cookie. Plain HTML: nothing of the application is sent before.</summary>
public static class LoginPage
{
    private const string Page = """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Etl host</title>
        <link rel="stylesheet" href="/_content/Etl.Dashboard/dashboard.css"></head>
        <body class="login"><main><h1>Etl host</h1>
        <form method="post" action="/login"><label for="token">Token, printed when the host started</label>
        <input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
        <button type="submit">Open</button></form>{0}</main></body></html>
        """;

    /// <summary>Adds it.</summary>
    public static void MapLogin(this IEndpointRouteBuilder routes, WebOptions options)
    {
        routes.MapGet("/login", (HttpContext context) => Show(context, "")).ExcludeFromDescription();
        routes.MapPost("/login", async (HttpContext context) =>
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
            if (options.Token is { } token && !AccessToken.Matches(form["token"], token))
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return Show(context, "<p role=\"alert\">That is not the token.</p>");
            }

            if (options.Token is { } own)
                context.Response.Cookies.Append(AccessToken.Cookie, own, new()
                {
                    HttpOnly = true,
                    SameSite = SameSiteMode.Strict,
                    Secure = options.IsSecure,
                    Path = "/",
                    MaxAge = TimeSpan.FromDays(30),
                });
            return Results.Redirect("/");
        }).ExcludeFromDescription().DisableAntiforgery();
    }

    private static IResult Show(HttpContext context, string notice) =>
        Results.Content(Page.Replace("{0}", notice, StringComparison.Ordinal), "text/html; charset=utf-8", statusCode: context.Response.StatusCode);
}
