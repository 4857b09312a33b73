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
            if (Pictures is { } folder) await open.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"host-{name}-{scheme.ToString().ToLowerInvariant()}-{width}.png"), FullPage = name != "results" });
            var found = (await open.Page.RunAxe()).Violations.Where(v => v.Impact is "serious" or "critical")
                .Select(v => $"{name}: {v.Impact} {v.Id}: {v.Help}: {string.Join("; ", v.Nodes.Take(3).Select(n => n.Html))}").ToArray();
            Assert.True(found.Length == 0, string.Join('\n', found));
            Assert.True(await open.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"), $"{name} is wider than the window");
            Assert.Empty(open.Dialogs);
            Assert.All(open.Requests, url => Assert.StartsWith(host.Address.GetLeftPart(UriPartial.Authority), url.Replace("ws://", "http://")));
        }
    }

    // A page that is drawn by the server alone hears no clicks yet.
    private static Task InteractiveAsync(IPage page) => page.WaitForFunctionAsync("() => document.querySelector('.mud-appbar') && window.Blazor && document.documentElement.dataset.live === 'yes'");
}
