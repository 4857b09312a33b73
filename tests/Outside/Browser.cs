using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Etl.Tests.Outside;

/// <summary>A page that is open in a browser, and what it has done since.</summary>
public sealed class OpenPage(IBrowserContext context, IPage page, ConcurrentQueue<string> requests, ConcurrentQueue<string> dialogs) : IAsyncDisposable
{
    /// <summary>The page.</summary>
    public IPage Page => page;

    /// <summary>Addresses that were asked for, the page's own included.</summary>
    public string[] Requests => [.. requests];

    /// <summary>Texts of the dialogs that scripts opened.</summary>
    public string[] Dialogs => [.. dialogs];

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await context.CloseAsync();
}

/// <summary>
/// A real browser, without a window, shared by the tests of a class. The machine's Chromium is used: Playwright brings the means to steer it,
/// and downloads nothing.
/// </summary>
public sealed class Browser : IAsyncLifetime
{
    // A browser starts in about a second; this is for a machine that does much else.
    private const float Patience = 120_000;

    private IPlaywright? playwright;
    private IBrowser? browser;

    /// <summary>Why there is no browser, and what to do about it; null when there is one.</summary>
    public static string? Missing => Program is null
        ? "no chromium was found on PATH, nor does ETL_TESTS_CHROMIUM name one: install Debian's package chromium" : null;

    private static string? Program { get; } = Find();

    /// <summary>Skips the test, saying what to install, where there is no browser; fails it where nothing may be skipped.</summary>
    public static void Require()
    {
        if (Missing is { } missing && Environment.GetEnvironmentVariable("ETL_TESTS_REQUIRE_ALL") == "1")
            Assert.Fail($"ETL_TESTS_REQUIRE_ALL=1, but {missing}");
        Skip.If(Missing is not null, Missing);
    }

    /// <summary>Opens an address in a profile of its own, until it is loaded, and dismisses what dialogs it opens.</summary>
    /// <param name="offline">No network, also for what the address asks for later.</param>
    /// <param name="ignorePolicy">Ignores the page's own Content-Security-Policy, so that what it only forbids is seen to be absent.</param>
    public async Task<OpenPage> OpenAsync(
        string address, int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light, bool offline = false, bool ignorePolicy = false)
    {
        Require();
        var context = await browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
            Offline = offline,
            BypassCSP = ignorePolicy,
            Locale = "en-US",
        });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(Patience);
        var (requests, dialogs) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>());
        page.Request += (_, request) => requests.Enqueue(request.Url);
        page.Dialog += (_, dialog) =>
        {
            dialogs.Enqueue(dialog.Message);
            _ = dialog.DismissAsync();
        };
        await page.GotoAsync(address, new() { WaitUntil = WaitUntilState.Load });
        return new(context, page, requests, dialogs);
    }

    /// <inheritdoc />
    public async Task InitializeAsync()
    {
        if (Program is null) return;
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Program,
            // Its sandbox refuses to work for root. Shared memory is small in containers.
            Args = Environment.IsPrivilegedProcess ? ["--no-sandbox", "--disable-dev-shm-usage"] : ["--disable-dev-shm-usage"],
            Timeout = Patience,
        });
    }

    /// <inheritdoc />
    public async Task DisposeAsync()
    {
        if (browser is not null) await browser.CloseAsync();
        playwright?.Dispose();
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("ETL_TESTS_CHROMIUM") is { Length: > 0 } named)
            return File.Exists(named) ? named : throw new FileNotFoundException("ETL_TESTS_CHROMIUM names no file", named);
        string[] names = OperatingSystem.IsWindows() ? ["chrome.exe"] : ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(folder => folder.Length > 0)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }
}
