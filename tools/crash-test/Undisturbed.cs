using Etl.Tests.Outside;

namespace Etl.CrashTest;

/// <summary>The run that nothing disturbs: what every disturbed one must come to, and how many events it has.</summary>
/// <param name="Expected">Hashes of the answer.</param>
/// <param name="Events">Events of a run in steps.</param>
/// <param name="SmallEvents">Events of a run in small steps.</param>
internal sealed record Undisturbed(Work Work, string Expected, long Events, long SmallEvents)
{
    /// <summary>Runs twice: the answer must not depend on the steps either.</summary>
    public static async Task<Undisturbed> OfAsync(Work work, string program)
    {
        var (expected, events) = await RunAsync(work, program, w => work.InSteps(w)).ConfigureAwait(false);
        var (again, small) = await RunAsync(work, program, work.InSmallSteps).ConfigureAwait(false);
        return again == expected
            ? new(work, expected, events, small)
            : throw new BrokenPromiseException($"two undisturbed runs differ: {Answer.Difference(expected, again)}");
    }

    /// <summary>Holds an answer against this one.</summary>
    public void Check(Workspace workspace, string what)
    {
        var found = Answer.Of(workspace);
        if (found != Expected) throw new BrokenPromiseException($"{what}: {Answer.Difference(Expected, found)}");
    }

    /// <summary>The exit code has to be 0.</summary>
    public static void CheckEnd(int exitCode, string error, string what)
    {
        if (exitCode != 0) throw new BrokenPromiseException($"{what}: exit code {exitCode}: {error.Trim()}");
    }

    private static async Task<(string Answer, long Events)> RunAsync(Work work, string program, Func<Workspace, string[]> arguments)
    {
        using var workspace = work.NewWorkspace();
        using var run = Attempt.Start(program, arguments(workspace));
        var ended = await Attempt.EndAsync(run, "the undisturbed run").ConfigureAwait(false);
        CheckEnd(ended.ExitCode, ended.Error, "the undisturbed run");
        using var journal = new Journal(workspace);
        return (Answer.Of(workspace), journal.Last);
    }
}
