using System.Globalization;
using Etl.Actors.Protocol;
using Etl.Domain.Jobs;

namespace Etl.Actors.Load;

/// <summary>What the project's log says of a message that goes to the edge of the process. Pure.</summary>
public static class ProjectLogLine
{
    /// <summary>The job and the line; null when the message is not worth one.</summary>
    public static (JobId Job, string Text)? Of(object message) => message switch
    {
        JobProtocol.JobOpened opened => (opened.Job, $"Job {opened.Job} opened"),
        StatusProtocol.JobResumed resumed => (resumed.Job, Text($"Job {resumed.Job} resumed: {resumed.BatchesDone} of {resumed.BatchesPlanned} batches are done")),
        StatusProtocol.ActorRestarted { Restart: var restart } failed => (failed.Job, Text(
            $"Batch {restart.Batch} failed {At(restart.Row)} in {restart.Actor}, attempt {restart.Attempt}: {restart.Cause}; the batch is rolled back, {restart.Directive}")),
        StatusProtocol.Logged logged => (logged.Job, logged.Message),
        JobProtocol.JobEnded { Result.ExitCode: 0 } over => (over.Job, $"Job {over.Job} is done"),
        JobProtocol.JobEnded over => (over.Job, Text($"Job {over.Job} is not done, exit code {over.Result.ExitCode}: {over.Result.Error}")),
        _ => null,
    };

    private static string At(long? row) => row is { } known ? Text($"at row {known}") : "at a row that is not known";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
