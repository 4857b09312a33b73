using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Etl.Tests.Outside;
using Microsoft.Playwright;

namespace Etl.Host.Tests.Outside;

/// <summary>The pages of a host in a real browser.</summary>
public sealed class DashboardTests(Browser browser) : IClassFixture<Browser>
{
    private static string? Pictures => Environment.GetEnvironmentVariable("ETL_TESTS_PICTURES");

    [SkippableFact]
    public async Task A_job_is_submitted_watched_to_its_end_and_its_results_are_shown()
    {
        Browser.Require();
        using var workspace = new Workspace();
        using var host = await HostProcess.StartAsync(workspace);
        await using var open = await browser.OpenAsync(new Uri(host.Address, "/submit").AbsoluteUri);
        await InteractiveAsync(open.Page);
        await open.Page.GetByLabel("Top", new() { Exact = true }).FillAsync("3");
        await open.Page.GetByRole(AriaRole.Button, new() { Name = "Submit", Exact = true }).ClickAsync();
        await open.Page.WaitForURLAsync(new Regex("/jobs/[0-9a-f]{32}$"));
        await open.Page.Locator(".status.done").WaitForAsync();
        await Assertions.Expect(open.Page.Locator(".card")).ToHaveCountAsync(6);
        await Assertions.Expect(open.Page.Locator(".card").First.Locator(".name")).ToHaveCountAsync(3);
        await open.Page.GetByRole(AriaRole.Link, new() { Name = "Results" }).ClickAsync();
        await Assertions.Expect(open.Page.GetByText("Countries_by_GDP.json", new() { Exact = true })).ToBeVisibleAsync();
        await open.Page.GetByRole(AriaRole.Link, new() { Name = "Events" }).ClickAsync();
        await Assertions.Expect(open.Page.GetByText("finished").First).ToBeVisibleAsync();
    }

    [SkippableFact]
    public async Task Twenty_crashes_are_injected_and_seen_with_their_batches_and_the_job_is_cancelled_and_resumed()
    {
        Browser.Require();
        using var workspace = new Workspace();
        workspace.Write("a.csv", Contributions.Of(60_000, seed: 5).Bytes);
        using var host = await HostProcess.StartAsync(
            workspace, "--allow-chaos", "--set", "etl.extract.batch-bytes=4KiB", "--set", "etl.extract.window=2", "--set", "etl.jobs.unacked-window=4", "--set", "etl.chaos=slow-batch=0.4");
        var job = await host.SubmitAsync(new { inputs = new[] { "a.csv" }, year = "all", duplicates = "sum", @out = "mine" });
        await using var open = await browser.OpenAsync(new Uri(host.Address, $"/jobs/{job}").AbsoluteUri);
        await InteractiveAsync(open.Page);
        await open.Page.GetByRole(AriaRole.Button, new() { Name = "Crash 20 mappers" }).ClickAsync();
        await Assertions.Expect(open.Page.Locator("#restarts")).ToHaveTextAsync("20");
        await Assertions.Expect(open.Page.Locator("tr.restart")).ToHaveCountAsync(20);
        // Each names the actor, the cause, what was decided, and another batch.
        var batches = await open.Page.Locator("tr.restart td[data-k=Batch]").AllTextContentsAsync();
        Assert.Equal(20, batches.Distinct().Count());
        Assert.All(batches, b => Assert.Matches("^[0-9]+/[0-9]+$", b));
        Assert.All(await open.Page.Locator("tr.restart td[data-k=Cause]").AllTextContentsAsync(), c => Assert.StartsWith("ChaosException: chaos: mapper-crash", c));
        await PictureAsync(open.Page, "run-crashes");

        await using (var other = await browser.OpenAsync(new Uri(host.Address, "/supervision").AbsoluteUri))
        {
            await InteractiveAsync(other.Page);
            await Assertions.Expect(other.Page.Locator("#total")).ToHaveTextAsync("20");
            await Assertions.Expect(other.Page.Locator(".tree .restarts").First).ToBeVisibleAsync();
            await PictureAsync(other.Page, "supervision-crashes");
            await other.Page.GetByLabel("Filter by actor, cause, batch").FillAsync(batches[0]);
            await Assertions.Expect(other.Page.Locator("tr.restart").First).ToBeVisibleAsync();
            await other.Page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
            await Assertions.Expect(other.Page.GetByRole(AriaRole.Button, new() { Name = "Go on" })).ToBeVisibleAsync();
        }

        await open.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await open.Page.Locator(".status.cancelled").WaitForAsync();
        await open.Page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await open.Page.Locator(".status.done").WaitForAsync();
        await open.Page.GetByRole(AriaRole.Link, new() { Name = "Events" }).ClickAsync();
        await Assertions.Expect(open.Page.GetByText("mapper_restarted").First).ToBeVisibleAsync();
        // And the answer is that of a run in which nothing failed.
        (await EtlProcess.RunAsync("run", workspace.In("a.csv"), "--out", workspace.In("alone"), "--year", "all", "--duplicates", "sum")).ExitsWith(0);
        Assert.Equal(File.ReadAllBytes(workspace.In("alone", "Region_Top.json")), File.ReadAllBytes(Path.Combine(workspace.Out, "mine", "Region_Top.json")));
    }

    [SkippableFact]
    public async Task Hostile_names_are_read_as_text_on_every_page()
    {
        Browser.Require();
        string[] hostile =
        [
            "<script>alert('script')</script>", "</title></style></script><script>window.pwned=1</script>", "<img src=x onerror=alert('img')>", "\"><svg onload=alert('svg')>",
            "' onmouseover='window.pwned=2' autofocus onfocus='window.pwned=2", "<iframe srcdoc=\"<script>parent.pwned=3</script>\"></iframe>", "<a href=\"javascript:alert('link')\">x</a>",
            "{{constructor.constructor('alert(1)')()}}", "@(System.Diagnostics.Process.Start(1))", "--><!--<b onclick=alert(1)>", "&lt;script&gt;alert(1)&lt;/script&gt;", "javascript:alert('uri')//\u202Egnp.exe",
        ];
        using var workspace = new Workspace();
        const string file = "'onload='alert(1)' <img src=x onerror=alert(2)>.csv";
        var rows = new System.Text.StringBuilder("country,year,gdp_usd_million\n");
        foreach (var name in hostile.Append("France")) rows.Append(System.Globalization.CultureInfo.InvariantCulture, $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\",2020,5\n");
        workspace.Write(file, rows.ToString());
        workspace.Write("regions.csv", "country,region\nFrance,\"<img src=x onerror=alert('region')>\"\n");
        // Rows with these crash their mapper, and the exception's text has them too: what the setting's own form cannot hold is left out.
        var fatal = hostile.Where(name => name.IndexOfAny([',', ':', '"', '&']) < 0).ToArray();
        Assert.True(fatal.Length >= 5);
        using var host = await HostProcess.StartAsync(workspace, "--set", $"etl.fault={string.Join(',', fatal.Select(name => $"poison-row={name}"))}");
        var job = await host.SubmitAsync(new { inputs = new[] { file }, year = "2020", regions = "regions.csv" });
        var ended = await host.EndAsync(job);
        Assert.Equal("done", ended.GetProperty("status").GetString());
        Assert.True(ended.GetProperty("restarts").GetInt64() >= fatal.Length);
        foreach (var path in new[] { "/", $"/jobs/{job}", $"/jobs/{job}/results", $"/jobs/{job}/events", "/supervision" })
        {
            await using var open = await browser.OpenAsync(new Uri(host.Address, path).AbsoluteUri);
            await InteractiveAsync(open.Page);
            await open.Page.WaitForTimeoutAsync(300);
            if (path == "/supervision")
            {
                var causes = string.Concat(await open.Page.Locator("td[data-k=Cause]").AllTextContentsAsync());
                Assert.All(fatal, name => Assert.Contains(name, causes, StringComparison.Ordinal));
            }

            Assert.Empty(open.Dialogs);
            Assert.True(await open.Page.EvaluateAsync<bool>("() => window.pwned === undefined"), path);
            Assert.Equal(0, await open.Page.Locator("main img, main iframe, main script, main svg[onload], main [onerror]").CountAsync());
            Assert.All(open.Requests, url => Assert.StartsWith(host.Address.GetLeftPart(UriPartial.Authority), url.Replace("ws://", "http://")));
        }

        // As the text of an error: a file that is not there.
        await using var submit = await browser.OpenAsync(new Uri(host.Address, "/submit").AbsoluteUri);
        await InteractiveAsync(submit.Page);
        await submit.Page.GetByLabel("Inputs").FillAsync("<img src=x onerror=alert('error')>.csv");
        await submit.Page.GetByRole(AriaRole.Button, new() { Name = "Submit", Exact = true }).ClickAsync();
        await Assertions.Expect(submit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("<img src=x onerror=alert('error')>.csv");
        Assert.Empty(submit.Dialogs);
    }

    [SkippableTheory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 390)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Every_page_can_be_read_by_everybody(ColorScheme scheme, int width)
    {
        Browser.Require();
        using var workspace = new Workspace();
        using var host = await HostProcess.StartAsync(workspace);
        var job = await host.SubmitAsync(new { });
        await host.EndAsync(job);
        foreach (var (name, path) in new[]
        {
            ("jobs", "/"), ("submit", "/submit"), ("run", $"/jobs/{job}"), ("results", $"/jobs/{job}/results"), ("events", $"/jobs/{job}/events"),
            ("supervision", "/supervision"), ("settings", "/settings"),
        })
        {
            await using var open = await browser.OpenAsync(new Uri(host.Address, path).AbsoluteUri, width, 900, scheme);
            await InteractiveAsync(open.Page);
            await open.Page.WaitForTimeoutAsync(300);
            await PictureAsync(open.Page, $"{name}-{scheme.ToString().ToLowerInvariant()}-{width}");
            var found = (await open.Page.RunAxe()).Violations.Where(v => v.Impact is "serious" or "critical")
                .Select(v => $"{name}: {v.Impact} {v.Id}: {v.Help}: {string.Join("; ", v.Nodes.Take(3).Select(n => n.Html))}").ToArray();
            Assert.True(found.Length == 0, string.Join('\n', found));
            Assert.True(await open.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"), $"{name} is wider than the window");
            Assert.Empty(open.Dialogs);
            Assert.All(open.Requests, url => Assert.StartsWith(host.Address.GetLeftPart(UriPartial.Authority), url.Replace("ws://", "http://")));
        }
    }

    private static async Task PictureAsync(IPage page, string name)
    {
        if (Pictures is { } folder) await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"host-{name}.png") });
    }

    // A page that is drawn by the server alone hears no clicks yet.
    private static Task InteractiveAsync(IPage page) => page.WaitForFunctionAsync("() => document.querySelector('.mud-appbar') && window.Blazor && document.documentElement.dataset.live === 'yes'");
}
