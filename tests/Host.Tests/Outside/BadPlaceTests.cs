using Etl.Tests.Outside;

namespace Etl.Host.Tests.Outside;

/// <summary>Folders that cannot be written, or are in use.</summary>
public sealed class BadPlaceTests(Settled settled) : IClassFixture<Settled>
{
    private Workspace Workspace => settled.Workspace;

    [Fact]
    public Task Results_below_a_regular_file_are_refused() => settled.RefusesAsync(74, ["cannot be written"],
        "run", Page(), "--out", Path.Combine(Page(), "out"));

    [Fact]
    public Task Results_below_a_regular_file_are_refused_with_a_state_elsewhere() => settled.RefusesAsync(74, ["page.html"],
        "run", Page(), "--out", Path.Combine(Page(), "out"), "--state", Workspace.In("state"));

    [Fact]
    public Task A_state_below_a_regular_file_is_refused() => settled.RefusesAsync(74, ["state directory", "--state"],
        "run", Page(), "--out", Workspace.Out, "--state", Path.Combine(Page(), "state"));

    [SkippableTheory]
    [InlineData("--state")]
    [InlineData("--out")]
    public async Task A_folder_that_is_read_only_is_refused(string option)
    {
        Skip.If(OperatingSystem.IsWindows(), "permissions are those of Unix");
        using var workspace = new Workspace();
        var page = workspace.Write("page.html", Pages.Of(Pages.Rows));
        (await workspace.RunAsync(page)).ExitsWith(0);
        var before = workspace.ResultHashes();
        var locked = option == "--state" ? Path.Combine(workspace.Out, ".etl") : workspace.Out;
        string[] others = option == "--state" ? ["--out", workspace.In("other")] : ["--state", workspace.In("other")];
        if (option == "--out") File.Delete(workspace.Log);

        Writable(locked, false);
        var run = await Unprivileged.RunAsync(["run", page, option, locked, .. others]);
        Writable(locked, true);

        run.ExitsWith(74);
        Settled.AssertOneParagraph(run, locked);
        Assert.Equal(before, workspace.ResultHashes());
    }

    [SkippableFact]
    public async Task A_state_directory_in_use_is_refused_naming_who_uses_it()
    {
        Skip.If(OperatingSystem.IsWindows(), "a process is paused by a signal of Unix");
        using var workspace = new Workspace();
        var page = workspace.Write("long.html", Pages.Long(300));
        using var first = workspace.Start(page, Settings.Slow);
        Assert.True(await first.UntilAsync(() => workspace.LogMessages().Contains("Map started")));
        first.Pause();

        var second = (await EtlProcess.RunAsync("run", page, "--out", workspace.In("other"), "--state", Path.Combine(workspace.Out, ".etl"))).ExitsWith(75);

        first.Continue();
        Settled.AssertOneParagraph(second, "in use", $"process {first.Id} ", "--state");
        Assert.False(File.Exists(workspace.In("other", "Countries_by_GDP.json")));
        (await first.WaitAsync(EtlProcess.Limit)).ExitsWith(0);
        (await workspace.RunAsync(page)).ExitsWith(0);
    }

    private string Page() => Workspace.Write("page.html", Pages.Of(Pages.Rows));

    private static void Writable(string folder, bool writable)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, (UnixFileMode)(writable ? 0b111_101_101 : 0b101_101_101));
    }
}
