using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Etl.Actors.Hosting;
using Etl.Dashboard;
using Etl.Dashboard.Api;
using Etl.Host.Commands;

namespace Etl.Host.Service;

/// <summary>A run whose work is done by a host: submits, watches, and shows what a run of one's own would show.</summary>
internal static class RemoteRun
{
    /// <summary>Environment variable with the token of a host that asks for one.</summary>
    public const string TokenVariable = "ETL_HOST_TOKEN";

    private const int Failed = 1, Usage = 2, Unreachable = 74, MostReconnects = 60;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Submits and watches until the end; the exit code is the job's.</summary>
    public static async Task<int> RunAsync(RemoteArguments asked, Terminal terminal, Interruption interruption)
    {
        var (host, submission, format, quiet) = asked;
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = host, Timeout = Timeout.InfiniteTimeSpan };
        if (Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        string? id = null;
        try
        {
            using (var progress = new ProgressLine(terminal, quiet))
            {
                var job = await SubmitAsync(http, submission, interruption.Token).ConfigureAwait(false);
                id = job.Id;
                if (!quiet) progress.Note($"job {job.Id[..8]} in the host at {host.ToString().TrimEnd('/')}");
                await WatchAsync(http, job, progress, interruption.Token).ConfigureAwait(false);
            }

            return await ShowAsync(http, id, format, quiet, terminal, interruption.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (interruption.ExitCode is { } code)
        {
            return CommandLine.Error(terminal, code, id is null ? "interrupted before the job was submitted"
                : $"interrupted; the job goes on in the host: {new Uri(host, $"jobs/{id}")} shows it, and cancels it");
        }
        catch (RunException refused)
        {
            return CommandLine.Error(terminal, refused.ExitCode, refused.Message);
        }
        catch (Exception broken) when (broken is HttpRequestException or JsonException or IOException)
        {
            return CommandLine.Error(terminal, Unreachable, $"the host at {host} cannot be reached: {broken.Message}; start one with etl host"
                + (id is null ? "" : $"; job {id} goes on there, and at its next start"));
        }
    }

    private static async Task<JobView> SubmitAsync(HttpClient http, JobSubmission submission, CancellationToken cancellation)
    {
        using var answer = await http.PostAsJsonAsync("/api/jobs", submission, Json, cancellation).ConfigureAwait(false);
        return await ReadAsync<JobView>(answer, cancellation).ConfigureAwait(false);
    }

    // A host that is started anew goes on with the job, and so does who watches it.
    private static async Task WatchAsync(HttpClient http, JobView job, ProgressLine progress, CancellationToken cancellation)
    {
        int? ahead = null;
        for (var broken = 0; ;)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/jobs/{job.Id}/stream");
                using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
                if (!answer.IsSuccessStatusCode) await ReadAsync<JobView>(answer, cancellation).ConfigureAwait(false);
                await using var stream = await answer.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
                await foreach (var item in SseParser.Create(stream, static (_, data) => JsonSerializer.Deserialize<JobView>(data, Json)!).EnumerateAsync(cancellation).ConfigureAwait(false))
                {
                    broken = 0;
                    if (item.EventType == "ended") return;
                    if (item.Data.Ahead is { } before && before != ahead) progress.Note(
                        (ahead = before) == 0 ? "it waits in the host's queue, and begins next" : FormattableString.Invariant($"it waits in the host's queue, after {before} others"));
                    progress.Progress(new(
                        item.Data.Status == "waiting" ? "wait" : "map and reduce", item.Data.Rows, item.Data.BatchesDone, item.Data.BatchesPlanned ?? 0, 0, item.Data.Restarts));
                }
            }
            catch (Exception cut) when (cut is HttpRequestException or IOException && ++broken < MostReconnects)
            {
                if (broken == 1) progress.Note("the host does not answer; waiting for it");
                await Task.Delay(Wait, cancellation).ConfigureAwait(false);
            }
        }
    }

    private static async Task<int> ShowAsync(HttpClient http, string id, OutputFormat format, bool quiet, Terminal terminal, CancellationToken cancellation)
    {
        var word = RunArguments.Formats.First(f => f.Value == format).Key;
        using var answer = await http.GetAsync(FormattableString.Invariant(
            $"/api/jobs/{id}/screen?width={terminal.Width}&color={(terminal.Color ? "true" : "false")}&unicode={(terminal.Unicode ? "true" : "false")}&format={word}&quiet={(quiet ? "true" : "false")}"),
            cancellation).ConfigureAwait(false);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            // It ended in a process that is gone: its files tell the rest.
            using var found = await http.GetAsync($"/api/jobs/{id}", cancellation).ConfigureAwait(false);
            var job = await ReadAsync<JobView>(found, cancellation).ConfigureAwait(false);
            if (job.ExitCode is not 0) return CommandLine.Error(terminal, job.ExitCode ?? Failed, job.Reason ?? $"the job ended as {job.Status}");
            if (!quiet) terminal.Out.WriteLine($"done; {job.Rows} rows; the results are in {job.Out}");
            return 0;
        }

        var screen = await ReadAsync<JobScreen>(answer, cancellation).ConfigureAwait(false);
        await terminal.Out.WriteAsync(screen.Out).ConfigureAwait(false);
        await terminal.Out.FlushAsync(cancellation).ConfigureAwait(false);
        await terminal.Error.WriteAsync(screen.Error).ConfigureAwait(false);
        return screen.ExitCode;
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.IsSuccessStatusCode)
            return await answer.Content.ReadFromJsonAsync<T>(Json, cancellation).ConfigureAwait(false) ?? throw new JsonException("the answer is empty");
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
            throw new HttpRequestException($"it answered {(int)answer.StatusCode}, and is no host of this program, as it seems");
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Json, cancellation).ConfigureAwait(false);
        var detail = problem.TryGetProperty("detail", out var text) ? text.GetString() : null;
        throw new RunException(
            problem.TryGetProperty("exitCode", out var code) && code.TryGetInt32(out var known) ? known : answer.StatusCode == HttpStatusCode.Unauthorized ? Usage : Failed,
            answer.StatusCode == HttpStatusCode.Unauthorized ? $"the host asks for a token: put it into the environment variable {TokenVariable}" : detail ?? $"the host answered {(int)answer.StatusCode}");
    }
}
