using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization;
using Etl.Actors.Hosting;
using Etl.Dashboard.Api;
using Etl.Dashboard.Components;
using Etl.Dashboard.Live;
using Etl.Dashboard.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MudBlazor.Services;

namespace Etl.Dashboard;

/// <summary>Puts the web application together: API, pages, health, and what guards them.</summary>
public static class WebHost
{
    /// <summary>Builds it; nothing listens yet.</summary>
    /// <param name="host">The actor system, which starts and stops with the application.</param>
    /// <param name="lifetime">Who decides when it ends.</param>
    /// <param name="more">Services and endpoints of the program around it.</param>
    /// <exception cref="RunException">2: the certificate cannot be read.</exception>
    public static WebApplication Build(
        JobHost host, WebOptions options, IRunObserver report, IJobDesk desk, IHostLifetime lifetime, string applicationName,
        Action<WebApplicationBuilder>? services = null, Action<WebApplication>? more = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = applicationName,
            ContentRootPath = AppContext.BaseDirectory,
            WebRootPath = Path.Combine(AppContext.BaseDirectory, "wwwroot"),
            EnvironmentName = Environments.Production,
        });
        builder.Configuration.Sources.Clear();
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options));
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning).AddProvider(new ReportLogger(report));
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(10));
        builder.Services.AddSingleton(lifetime);
        builder.Services.AddSingleton(host).AddSingleton(options).AddSingleton(desk).AddSingleton<RestartFeed>().AddSingleton<LiveFeed>();
        host.AddTo(builder.Services, report);
        builder.Services.AddHostedService(s => s.GetRequiredService<LiveFeed>());
        // What is wrong with a request is told, and not only that something is.
        builder.Services.Configure<Microsoft.AspNetCore.Routing.RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        builder.Services.AddProblemDetails().AddExceptionHandler<Problems>();
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.ReadCommentHandling = JsonCommentHandling.Disallow;
            json.SerializerOptions.MaxDepth = 16;
        });
        // What is protected (a page's place in its circuit) lives as long as the process; nothing is written to a home directory.
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddOpenApi();
        builder.Services.AddHealth();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents(circuits =>
        {
            circuits.DetailedErrors = false;
            circuits.DisconnectedCircuitMaxRetained = 20;
            circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(1);
        });
        builder.Services.AddMudServices();
        services?.Invoke(builder);

        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseMiddleware<RequestGuard>(options);
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapOpenApi();
        app.MapHealth();
        app.MapJobs();
        app.MapLogin(options);
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(o => o.ContentSecurityFrameAncestorsPolicy = null);
        more?.Invoke(app);
        return app;
    }

    /// <summary>Where an application that has started listens.</summary>
    public static Uri AddressOf(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    private static void Listen(KestrelServerOptions kestrel, WebOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = WebOptions.MaxRequestBytes;
        kestrel.Limits.MaxConcurrentConnections = 500;
        kestrel.Limits.MaxConcurrentUpgradedConnections = 100;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Listen(new IPEndPoint(options.Address, options.Port), listen =>
        {
            if (options.CertificateFile is { } file) listen.UseHttps(Certificate(file, options.KeyFile));
        });
    }

    private static X509Certificate2 Certificate(string file, string? key)
    {
        try
        {
            return key is null ? X509CertificateLoader.LoadPkcs12FromFile(file, null)
                : X509CertificateLoader.LoadPkcs12(X509Certificate2.CreateFromPemFile(file, key).Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new RunException(2, $"--tls-certificate {file} cannot be used: {unreadable.Message}; give a PEM file and --tls-key, or a PKCS #12 file without a password", unreadable);
        }
    }
}

/// <summary>Carries what the web server has to say to where everything else is told.</summary>
internal sealed class ReportLogger(IRunObserver report) : ILoggerProvider, ILogger
{
    /// <inheritdoc />
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc />
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    /// <inheritdoc />
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    /// <inheritdoc />
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        var cause = exception is null ? "" : $": {exception.GetType().Name}: {exception.Message}";
        report.Diagnostic(logLevel >= LogLevel.Error ? "error" : "warning", "web", formatter(state, exception) + cause);
    }

    /// <inheritdoc />
    public void Dispose()
    {
    }
}
