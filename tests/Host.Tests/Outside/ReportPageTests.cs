using System.Text;
using Deque.AxeCore.Playwright;
using Etl.Tests.Outside;
using Microsoft.Playwright;

namespace Etl.Host.Tests.Outside;

/// <summary><c>report.html</c> in a real browser without a network: nothing leaves, nothing runs, and everybody can read it.</summary>
public sealed class ReportPageTests(Browser browser) : IClassFixture<Browser>
{
    // Each tells when it runs, by a dialog, a mark or a request.
    private static readonly string[] Hostile =
    [
        "<script>alert('script')</script>",
        "</title></style></script><script>window.pwned=1</script>",
        "<img src=x onerror=alert('img')>",
        "\"><svg onload=alert('svg')>",
        "' onmouseover='window.pwned=2' autofocus onfocus='window.pwned=2",
        "<iframe srcdoc=\"<script>parent.pwned=3</script>\"></iframe>",
        "<a href=\"javascript:alert('link')\">x</a>",
        "<link rel=stylesheet href=\"http://127.0.0.1:9/style.css\">",
        "<base href=\"http://127.0.0.1:9/\"><form action=x><button autofocus>",
        "--><!--<meta http-equiv=refresh content=\"0;url=http://127.0.0.1:9/\">",
        "<style>@import 'http://127.0.0.1:9/a.css';body{background:url(http://127.0.0.1:9/b.png)}</style>",
        "&lt;script&gt;alert('entity')&lt;/script&gt; \u202Ereversed <math><mi xlink:href=\"javascript:alert(1)\">",
    ];

    // A file's name may hold anything but "/"; on Windows much less.
    private static string FileName => OperatingSystem.IsWindows() ? "'onload='alert(1)'.csv" : "\"><img src=x onerror=alert('file')>.csv";

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Hostile_names_are_read_as_text_and_nothing_runs_or_leaves(bool ignorePolicy)
    {
        Browser.Require();
        using var workspace = new Workspace();
        var page = new Uri(await HostileAsync(workspace)).AbsoluteUri;
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await using var open = await browser.OpenAsync(page, scheme: scheme, offline: true, ignorePolicy: ignorePolicy);
            // Every handler that an element could have is given its occasion.
            await open.Page.EvaluateAsync("() => document.querySelectorAll('*').forEach(e => ['mouseover','focus','click','toggle'].forEach(n => e.dispatchEvent(new Event(n))))");
            await open.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);

            Assert.Equal([page], open.Requests);
            Assert.Empty(open.Dialogs);
            Assert.True(await open.Page.EvaluateAsync<bool>("() => window.pwned === undefined"));
            Assert.Equal(page, open.Page.Url);
            Assert.Equal(0, await open.Page.Locator("script, img, iframe, object, embed, link, base, form, a, button, math, svg[onload]").CountAsync());
            Assert.False(await open.Page.EvaluateAsync<bool>("() => [...document.querySelectorAll('*')].some(e => [...e.attributes].some(a => a.name.startsWith('on')))"));
            // As countries set aside, as the regions of countries, and as the name of the file: to the letter.
            var texts = await open.Page.Locator("td.text").AllTextContentsAsync();
            Assert.All(Hostile, name => Assert.Contains(name, texts));
            var regions = await open.Page.Locator("h3").AllTextContentsAsync();
            Assert.All(Hostile, name => Assert.Contains(name, regions));
            Assert.Contains(FileName, await open.Page.Locator("dl").TextContentAsync() ?? "", StringComparison.Ordinal);
        }
    }

    [SkippableFact]
    public async Task A_page_that_runs_something_or_asks_for_something_is_noticed()
    {
        Browser.Require();
        using var workspace = new Workspace();
        var page = new Uri(workspace.Write("bad.html", $"<!doctype html><title>x</title>{Hostile[2]}<script>window.pwned=1</script>")).AbsoluteUri;
        await using var open = await browser.OpenAsync(page, offline: true);

        await open.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        Assert.Equal(["img"], open.Dialogs);
        Assert.Equal(2, open.Requests.Length);
        Assert.False(await open.Page.EvaluateAsync<bool>("() => window.pwned === undefined"));
    }

    [SkippableTheory]
    [InlineData(1280, ColorScheme.Light, "report-light.png")]
    [InlineData(1280, ColorScheme.Dark, "report-dark.png")]
    [InlineData(390, ColorScheme.Light, "report-390.png")]
    [InlineData(390, ColorScheme.Dark, null)]
    public async Task Everybody_can_read_it_on_a_desk_and_on_a_phone_in_light_and_dark(int width, ColorScheme scheme, string? picture)
    {
        Browser.Require();
        using var workspace = new Workspace();
        (await EtlProcess.RunAsync("run", "--out", workspace.Out, "--sink", "html")).ExitsWith(0);
        using var hostile = new Workspace();
        foreach (var file in new[] { Path.Combine(workspace.Out, "report.html"), await HostileAsync(hostile) })
        {
            await using var open = await browser.OpenAsync(new Uri(file).AbsoluteUri, width, scheme: scheme, offline: true);
            await open.Page.EvaluateAsync("() => document.querySelectorAll('details').forEach(d => d.open = true)");

            var result = await open.Page.RunAxe();

            Assert.NotEmpty(result.Passes);
            Assert.True(result.Violations.Length == 0, string.Join('\n', result.Violations.Select(v =>
                $"{v.Id}: {v.Help}\n  {string.Join("\n  ", v.Nodes.Take(3).Select(n => n.Html))}")));
            // Only tables may be wider than the screen, each within a frame of its own.
            Assert.True(await open.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"), file);
            if (picture is not null && file.StartsWith(workspace.Root, StringComparison.Ordinal)) await PictureAsync(open.Page, picture);
        }
    }

    [SkippableFact]
    public async Task It_prints_on_white_and_all_of_it()
    {
        Browser.Require();
        using var workspace = new Workspace();
        (await EtlProcess.RunAsync("run", "--out", workspace.Out, "--sink", "html")).ExitsWith(0);
        await using var open = await browser.OpenAsync(new Uri(Path.Combine(workspace.Out, "report.html")).AbsoluteUri, scheme: ColorScheme.Dark, offline: true);

        await open.Page.EmulateMediaAsync(new() { Media = Media.Print });

        Assert.Equal("rgb(255, 255, 255)", await open.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor"));
        Assert.Equal("visible", await open.Page.EvaluateAsync<string>("() => getComputedStyle(document.querySelector('.scroll')).overflowX"));
        Assert.StartsWith("%PDF", Encoding.ASCII.GetString((await open.Page.PdfAsync())[..4]), StringComparison.Ordinal);
    }

    // Rows of countries, hostile names among them, and each hostile name as a region of one of the countries.
    private static async Task<string> HostileAsync(Workspace workspace)
    {
        var rows = Pages.Rows.Select(r => $"{r.Name},2024,{r.Value.Replace(",", "")}").Concat(Hostile.Select(name => $"{Quoted(name)},2024,1")).Append("France,2023,1");
        var file = workspace.Write(FileName, "country,year,gdp\n" + string.Join('\n', rows) + "\n");
        var regions = workspace.Write("regions.csv", "country,region\n" + string.Concat(Hostile.Zip(Pages.Rows, (name, row) => $"{row.Name},{Quoted(name)}\n")));
        (await workspace.RunAsync(file, "--unit", "million", "--year", "all", "--regions", regions, "--sink", "html")).ExitsWith(0);
        Assert.Equal(Hostile.Length, workspace.Json("run.json").GetProperty("quarantined").GetInt32());
        return Path.Combine(workspace.Out, "report.html");
    }

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"")}\"";

    // ETL_TESTS_PICTURES=$PWD/docs/images makes those of the README anew.
    private static async Task PictureAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("ETL_TESTS_PICTURES") is not { Length: > 0 } folder) return;
        var size = page.ViewportSize!;
        await page.ScreenshotAsync(new()
        {
            Path = Path.Combine(Path.GetFullPath(folder), name),
            FullPage = true,
            Clip = new() { X = 0, Y = 0, Width = size.Width, Height = size.Width > 1000 ? 1790 : 1190 },
        });
    }
}
