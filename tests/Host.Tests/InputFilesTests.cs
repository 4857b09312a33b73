using System.Runtime.InteropServices;

namespace Etl.Host.Tests;

/// <summary>Files, several of them, and patterns.</summary>
public sealed class InputFilesTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("etl-inputs-").FullName;

    public InputFilesTests()
    {
        foreach (var name in new[] { "b.csv", "a.csv", "Z.csv", "n.txt", ".hidden.csv", "sub/c.csv", "sub/deep/d.csv", ".git/e.csv", "star*.csv" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
            File.WriteAllText(PathOf(name), "");
        }
    }

    /// <summary>Arguments; the files in their order. DIR is the directory.</summary>
    public static TheoryData<string, string> Valid => new()
    {
        { "DIR/b.csv DIR/a.csv", "b.csv a.csv" },
        { "DIR/b.csv --input DIR/a.csv --input -", "b.csv a.csv -" },
        { "- DIR/a.csv", "- a.csv" },
        { "DIR/*.txt DIR/sub/*.csv", "n.txt sub/c.csv" },
        { "DIR/?.csv --input DIR/a*", "" },
        { "DIR/[ab].csv", "" },
        { "DIR/*/*.csv", "sub/c.csv" },
        { "DIR/sub/**/*.csv", "sub/c.csv sub/deep/d.csv" },
        { "DIR/s*/**/d.csv", "sub/deep/d.csv" },
        // The file of this very name, not the pattern.
        { "DIR/star*.csv", "star*.csv" },
    };

    [SkippableTheory]
    [MemberData(nameof(Valid))]
    public async Task Inputs_are_read_in_the_order_given(string arguments, string expected)
    {
        Skip.If(OperatingSystem.IsWindows(), "no file may be called star*.csv there");
        var runner = new FakeRunner();
        var cli = await Cli.RunAsync(runner, ["run", "--quiet", .. Arguments(arguments)]);
        if (expected.Length == 0)
        {
            Assert.Equal(2, cli.ExitCode);
            Assert.Contains("there is no file", cli.Error, StringComparison.Ordinal);
            return;
        }

        Assert.Equal((0, ""), (cli.ExitCode, cli.Error));
        Assert.Equal(expected.Split(' ').Select(name => name == "-" ? name : PathOf(name)), runner.Request!.Inputs);
    }

    [Fact]
    public async Task Matches_are_sorted_by_their_bytes_and_leave_hidden_files_out()
    {
        var runner = new FakeRunner();
        await Cli.RunAsync(runner, "run", PathOf("**/*.csv"));
        string[] expected = ["Z.csv", "a.csv", "b.csv", "star*.csv", "sub/c.csv", "sub/deep/d.csv"];
        Assert.Equal(expected.Select(PathOf), runner.Request!.Inputs);
    }

    [SkippableFact]
    public async Task Links_to_folders_do_not_give_a_file_twice()
    {
        Skip.If(OperatingSystem.IsWindows(), "links need a privilege there");
        Directory.CreateSymbolicLink(PathOf("sub/up"), directory);
        var runner = new FakeRunner();
        Assert.Equal(0, (await Cli.RunAsync(runner, "run", PathOf("sub/**/*.csv"))).ExitCode);
        Assert.Equal((string[])[PathOf("sub/c.csv"), PathOf("sub/deep/d.csv")], runner.Request!.Inputs.AsEnumerable());
        Assert.Equal(0, (await Cli.RunAsync(runner, "run", PathOf("*/up/a.csv"))).ExitCode);
        Assert.Equal((string[])[PathOf("sub/up/a.csv")], runner.Request!.Inputs.AsEnumerable());
    }

    [SkippableTheory]
    [InlineData("symbolic", "DIR/a.csv DIR/other.csv")]
    [InlineData("symbolic", "DIR/*.csv")]
    [InlineData("chain", "DIR/other.csv DIR/a.csv")]
    [InlineData("folder", "DIR/sub/c.csv DIR/other.csv/c.csv")]
    [InlineData("hard", "DIR/a.csv DIR/other.csv")]
    public async Task A_file_under_two_names_is_given_twice(string kind, string arguments)
    {
        Skip.If(OperatingSystem.IsWindows(), "links need a privilege there");
        Skip.If(kind is "hard" or "folder" && !OperatingSystem.IsLinux(), "inodes are not asked for there");
        var link = PathOf("other.csv");
        switch (kind)
        {
            case "hard": Assert.Equal(0, HardLink(PathOf("a.csv"), link)); break;
            case "folder": Directory.CreateSymbolicLink(link, PathOf("sub")); break;
            case "chain":
                File.CreateSymbolicLink(PathOf("middle.csv"), "a.csv");
                File.CreateSymbolicLink(link, "middle.csv");
                break;
            default: File.CreateSymbolicLink(link, "a.csv"); break;
        }

        var cli = await Cli.RunAsync(new(), ["run", .. Arguments(arguments)]);

        Assert.Equal((2, ""), (cli.ExitCode, cli.Out));
        Assert.Contains("is given twice", cli.Error, StringComparison.Ordinal);
        Assert.Contains("another name", cli.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await Cli.RunAsync(new(), ["run", "--quiet", PathOf("b.csv"), PathOf(kind == "folder" ? "other.csv/c.csv" : "other.csv")])).ExitCode);
    }

    [Theory]
    [InlineData("DIR/*/../*.csv", "cannot be listed")]
    [InlineData("DIR/*.nothing", "no file matches")]
    [InlineData("DIR/a.csv DIR/b.csv DIR/sub/../a.csv", "is given twice")]
    [InlineData("DIR/*.csv DIR/a.csv", "is given twice")]
    [InlineData("DIR/aa.csv", "did you mean")]
    [InlineData("DIR/sub", "is a directory: give files")]
    public async Task What_cannot_be_meant_is_refused(string arguments, string words)
    {
        var cli = await Cli.RunAsync(new(), ["run", .. Arguments(arguments)]);
        Assert.Equal((2, ""), (cli.ExitCode, cli.Out));
        Assert.Contains(words, cli.Error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [DllImport("libc", EntryPoint = "link")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int HardLink([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);

    private string[] Arguments(string text) => text.Replace("DIR", directory, StringComparison.Ordinal).Split(' ');

    private string PathOf(string name) => directory + "/" + name;
}
