using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Etl.Tests.Outside;

/// <summary><c>etl host</c> as a real process, and a client of its API.</summary>
public sealed class HostProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120), Poll = TimeSpan.FromMilliseconds(50);
    private readonly EtlProcess process;

    private HostProcess(EtlProcess process, int port)
    {
        this.process = process;
        Address = new Uri($"http://127.0.0.1:{port}");
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = Address, Timeout = Patience };
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Talks to it as a program would.</summary>
    public HttpClient Http { get; }

    /// <summary>Process id.</summary>
    public int Id => process.Id;

    /// <summary>Starts one whose inputs and results are below the workspace, and waits until it is ready.</summary>
    public static Task<HostProcess> StartAsync(Workspace workspace, params IEnumerable<string> options) => StartAsync(workspace, workspace.Root, options);

    /// <summary>Starts one whose inputs are elsewhere.</summary>
    public static async Task<HostProcess> StartAsync(Workspace workspace, string inputRoot, IEnumerable<string> options)
    {
        var port = FreePort();
        var host = new HostProcess(
            EtlProcess.Start(["host", "--port", $"{port}", "--input-root", inputRoot, "--output-root", workspace.Out, .. workspace.BackendOptions, .. options]), port);
        await host.UntilAsync(async () => (await host.Http.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK);
        return host;
    }

    /// <summary>A port that nobody listens at just now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Submits, and gives the job's id.</summary>
    public async Task<string> SubmitAsync(object submission)
    {
        using var answer = await Http.PostAsJsonAsync("/api/jobs", submission);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement.GetProperty("id").GetString()!;
    }

    /// <summary>A job as the API tells of it.</summary>
    public async Task<JsonElement> JobAsync(string id) => await Http.GetFromJsonAsync<JsonElement>($"/api/jobs/{id}");

    /// <summary>Waits until a job has left the queue.</summary>
    public async Task<JsonElement> EndAsync(string id)
    {
        var job = await JobAsync(id);
        await UntilAsync(async () => (job = await JobAsync(id)).GetProperty("status").GetString() is not ("waiting" or "running"));
        return job;
    }

    /// <summary>Waits until something is so; what is not there yet may be as well.</summary>
    public async Task UntilAsync(Func<Task<bool>> condition)
    {
        var end = DateTime.UtcNow + Patience;
        for (Exception? last = null; DateTime.UtcNow < end; await Task.Delay(Poll))
        {
            try
            {
                if (await condition()) return;
            }
            catch (HttpRequestException notYet)
            {
                last = notYet;
            }

            if (!System.Diagnostics.Process.GetProcesses().Any(p => p.Id == process.Id))
                Assert.Fail($"the host is gone: {(await process.WaitAsync(Patience)).Error} {last?.Message}");
        }

        throw new TimeoutException("what was waited for did not come");
    }

    /// <summary>Stands still until <see cref="Continue"/>.</summary>
    public void Pause() => process.Pause();

    /// <summary>Goes on.</summary>
    public void Continue() => process.Continue();

    /// <summary>Kills as by <c>kill -9</c>, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitAsync(Patience);
    }

    /// <summary>Asks to stop, and waits for it.</summary>
    public Task<EtlResult> StopAsync()
    {
        process.Send(System.Runtime.InteropServices.PosixSignal.SIGTERM);
        return process.WaitAsync(Patience);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Http.Dispose();
        process.Dispose();
    }
}
