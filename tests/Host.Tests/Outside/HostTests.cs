using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Etl.Tests.Outside;
using Microsoft.Data.Sqlite;

namespace Etl.Host.Tests.Outside;

/// <summary><c>etl host</c> from outside: a real process, its API, and what it refuses.</summary>
public sealed class HostTests
{
    private static readonly string[] Sum = ["--year", "all", "--duplicates", "sum"];

    [Fact]
    public async Task A_submitted_job_comes_to_the_bytes_of_a_run()
    {
        using var workspace = new Workspace();
        workspace.Write("a.csv", Contributions.Of(20_000, seed: 3).Bytes);
        (await EtlProcess.RunAsync(["run", workspace.In("a.csv"), "--out", workspace.In("alone"), .. Sum])).ExitsWith(0);
        using var host = await HostProcess.StartAsync(workspace);
        var job = await host.EndAsync(await host.SubmitAsync(new { inputs = new[] { "a.csv" }, year = "all", duplicates = "sum", @out = "mine" }));
        Assert.Equal(("done", 0), (job.GetProperty("status").GetString(), job.GetProperty("exitCode").GetInt32()));
        foreach (var name in new[] { "Countries_by_GDP.json", "Region_Top.json" })
            Assert.Equal(File.ReadAllBytes(workspace.In("alone", name)), File.ReadAllBytes(Path.Combine(workspace.Out, "mine", name)));
        Assert.Contains("Extract started", File.ReadAllText(Path.Combine(workspace.Out, "mine", "etl_project_log.txt")), StringComparison.Ordinal);
        (await host.StopAsync()).ExitsWith(0);
    }

    [Fact]
    public async Task Run_with_host_shows_the_screen_of_a_run_and_has_its_exit_codes()
    {
        using var workspace = new Workspace();
        using var host = await HostProcess.StartAsync(workspace);
        var mine = (await EtlProcess.RunAsync("run", "--out", workspace.In("alone"))).ExitsWith(0).Out.Split('\n');
        var theirs = (await EtlProcess.RunAsync("run", "--host", host.Address.ToString())).ExitsWith(0).Out.Split('\n');
        // All but the time it took and where the files are.
        Assert.Equal(mine.Take(13), theirs.Take(13));
        using (var json = JsonDocument.Parse((await EtlProcess.RunAsync("run", "--host", host.Address.ToString(), "--format", "json", "--top", "2")).ExitsWith(0).Out))
            Assert.NotEmpty(json.RootElement.EnumerateObject());
        Assert.Contains("is not below", (await EtlProcess.RunAsync("run", "/etc/hostname", "--host", host.Address.ToString())).ExitsWith(2).Error, StringComparison.Ordinal);
        Assert.Contains("--set is not for a host", (await EtlProcess.RunAsync("run", "--host", host.Address.ToString(), "--set", "a=b")).ExitsWith(2).Error, StringComparison.Ordinal);
        Assert.Contains("cannot be reached", (await EtlProcess.RunAsync("run", "--host", $"http://127.0.0.1:{HostProcess.FreePort()}")).ExitsWith(74).Error, StringComparison.Ordinal);
        // Who finds its state directory in use is told where to submit.
        Assert.Contains($"--host {host.Address.ToString().TrimEnd('/')}", (await EtlProcess.RunAsync("run", "--out", workspace.Out)).ExitsWith(75).Error, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(Backend.Sqlite)]
    [InlineData(Backend.Postgres)]
    public async Task A_host_that_is_killed_with_three_jobs_running_and_two_waiting_finishes_all_five(Backend on)
    {
        using var workspace = new Workspace(on);
        var files = Enumerable.Range(1, 5).Select(i => $"f{i}.csv").ToArray();
        for (var i = 0; i < files.Length; i++)
        {
            workspace.Write(files[i], Contributions.Of(60_000, seed: 10 + i).Bytes);
            (await EtlProcess.RunAsync(["run", workspace.In(files[i]), "--out", workspace.In($"alone-{i}"), .. Sum])).ExitsWith(0);
        }

        string[] options = ["--set", "etl.host.jobs=3", "--set", "etl.extract.batch-bytes=16KiB", "--set", "etl.extract.window=1", "--set", "etl.jobs.unacked-window=2"];
        var jobs = new List<string>();
        using (var first = await HostProcess.StartAsync(workspace, options))
        {
            for (var i = 0; i < files.Length; i++)
                jobs.Add(await first.SubmitAsync(new { inputs = new[] { files[i] }, year = "all", duplicates = "sum", @out = $"o{i}" }));
            await first.UntilAsync(async () => (await first.JobAsync(jobs[0])).GetProperty("batchesDone").GetInt64() > 1);
            var places = await Task.WhenAll(jobs.Select(async job => (await first.JobAsync(job)).GetProperty("status").GetString()));
            Assert.Equal("running running running waiting waiting", string.Join(' ', places));
            Assert.Equal((0, 1), ((await first.JobAsync(jobs[3])).GetProperty("ahead").GetInt32(), (await first.JobAsync(jobs[4])).GetProperty("ahead").GetInt32()));
            await first.KillAsync();
        }

        using var second = await HostProcess.StartAsync(workspace, options[2..]);
        for (var i = 0; i < files.Length; i++)
        {
            var ended = await second.EndAsync(jobs[i]);
            Assert.True(ended.GetProperty("status").GetString() == "done", ended.GetRawText());
            foreach (var name in new[] { "Countries_by_GDP.json", "Region_Top.json" })
                Assert.Equal(File.ReadAllBytes(workspace.In($"alone-{i}", name)), File.ReadAllBytes(Path.Combine(workspace.Out, $"o{i}", name)));
        }

        // Tables of a schema are those of the job that loaded last, whole.
        if (workspace.Postgres is { } server)
            Assert.Contains(Tables.OfPostgres(server), Enumerable.Range(0, files.Length).Select(i => Tables.OfSqlite(workspace.In($"alone-{i}", "World_Economies.db"))));
    }

    [Fact]
    public async Task A_job_is_cancelled_resumed_and_the_queue_has_a_limit()
    {
        using var workspace = new Workspace();
        workspace.Write("a.csv", Contributions.Of(60_000, seed: 1).Bytes);
        workspace.Write("b.csv", Contributions.Of(1_000, seed: 2).Bytes);
        string[] slow = ["--set", "etl.host.jobs=1", "--set", "etl.host.queue=1", "--set", "etl.extract.batch-bytes=4KiB", "--set", "etl.extract.window=1", "--set", "etl.jobs.unacked-window=2"];
        using var host = await HostProcess.StartAsync(workspace, slow);
        var a = await host.SubmitAsync(new { inputs = new[] { "a.csv" }, year = "all", duplicates = "sum" });
        await host.UntilAsync(async () => (await host.JobAsync(a)).GetProperty("status").GetString() == "running");
        // The same again is the same job.
        Assert.Equal(a, await host.SubmitAsync(new { inputs = new[] { "a.csv" }, year = "all", duplicates = "sum" }));
        var b = await host.SubmitAsync(new { inputs = new[] { "b.csv" }, year = "all", duplicates = "sum" });
        using (var full = await host.Http.PostAsJsonAsync("/api/jobs", new { top = 3 }))
            Assert.Equal((HttpStatusCode)429, full.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await host.Http.PostAsync($"/api/jobs/{a}/cancel", null)).StatusCode);
        Assert.Equal("cancelled", (await host.EndAsync(a)).GetProperty("status").GetString());
        Assert.Equal("done", (await host.EndAsync(b)).GetProperty("status").GetString());
        var before = (await host.JobAsync(a)).GetProperty("batchesDone").GetInt64();
        Assert.Equal(HttpStatusCode.Accepted, (await host.Http.PostAsync($"/api/jobs/{a}/resume", null)).StatusCode);
        Assert.Equal("done", (await host.EndAsync(a)).GetProperty("status").GetString());
        Assert.True(before > 0);
        Assert.Contains((await host.Http.GetFromJsonAsync<JsonElement>($"/api/jobs/{a}/events")).EnumerateArray(), e => e.GetProperty("kind").GetString() == "finished");
        Assert.Equal(HttpStatusCode.BadRequest, (await host.Http.PostAsync($"/api/jobs/{a}/resume", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Http.PostAsync($"/api/jobs/{new string('0', 32)}/cancel", null)).StatusCode);
    }

    public static TheoryData<string> Traversals { get; } =
    [
        "../secret.csv", "../../secret.csv", "/etc/passwd", "//etc/passwd", "./../secret.csv", "sub/../../secret.csv", "sub/./.././../secret.csv", "sub//..//..//secret.csv",
        "link-out", "link-dir/secret.csv", "sub/link-out", "../*.csv", "/etc/*", "link-dir/*.csv", "..", ".", "/", "\u0000", "a\nb", "~/../secret.csv",
        "..\\secret.csv", "%2e%2e/secret.csv", "file:///etc/passwd", "-",
    ];

    [Fact]
    public async Task No_path_leads_out_of_the_roots()
    {
        using var outer = new Workspace();
        outer.Write("secret.csv", "country,year,gdp_usd_million\nFrance,2020,1\n");
        var root = Directory.CreateDirectory(outer.In("inputs", "sub")).Parent!.FullName;
        File.CreateSymbolicLink(Path.Combine(root, "link-out"), outer.In("secret.csv"));
        File.CreateSymbolicLink(Path.Combine(root, "link-dir"), outer.Root);
        File.CreateSymbolicLink(Path.Combine(root, "sub", "link-out"), Path.Combine("..", "..", "secret.csv"));
        File.WriteAllText(Path.Combine(root, "good.csv"), "country,year,gdp_usd_million\nFrance,2020,1\n");
        using var host = await HostProcess.StartAsync(outer, root, []);
        foreach (var path in Traversals)
        {
            using var read = await host.Http.PostAsJsonAsync("/api/jobs", new { inputs = new[] { path }, year = "2020" });
            Assert.True((int)read.StatusCode is >= 400 and < 500, $"{path}: {(int)read.StatusCode}");
            Assert.DoesNotContain("root:", await read.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            if (path is "." or "..\\secret.csv" or "%2e%2e/secret.csv" or "-" or "file:///etc/passwd" or "link-out" or "link-dir/secret.csv" or "sub/link-out" or "link-dir/*.csv" or "../*.csv" or "/etc/*" or "~/../secret.csv") continue;
            using var write = await host.Http.PostAsJsonAsync("/api/jobs", new { inputs = new[] { "good.csv" }, year = "2020", @out = path });
            Assert.True((int)write.StatusCode is >= 400 and < 500, $"out {path}: {(int)write.StatusCode}");
        }

        using var regions = await host.Http.PostAsJsonAsync("/api/jobs", new { inputs = new[] { "good.csv" }, year = "2020", regions = "../secret.csv" });
        Assert.Equal(HttpStatusCode.BadRequest, regions.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await host.Http.PostAsJsonAsync("/api/jobs", new { @out = ".etl" })).StatusCode);
        // A file of a job is one of those right in its directory.
        var job = await host.SubmitAsync(new { inputs = new[] { "good.csv" }, year = "2020", @out = "good" });
        await host.EndAsync(job);
        Assert.Equal(HttpStatusCode.OK, (await host.Http.GetAsync($"/api/jobs/{job}/files/run.json")).StatusCode);
        foreach (var name in new[] { "..%2Fsecret.csv", "%2Fetc%2Fpasswd", "..%2F..%2Fsecret.csv", ".etl.lock", "%2e%2e%2fsecret.csv", "nothing" })
            Assert.Equal(HttpStatusCode.NotFound, (await host.Http.GetAsync(new Uri($"{host.Address}api/jobs/{job}/files/{name}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }))).StatusCode);
    }

    [Fact]
    public async Task Requests_of_other_sites_and_under_other_names_are_refused()
    {
        using var workspace = new Workspace();
        using var host = await HostProcess.StartAsync(workspace);
        foreach (var name in new[] { "evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1", "[::2]", "0.0.0.0" })
            Assert.Equal((HttpStatusCode)421, (await SendAsync(host, HttpMethod.Get, "/api/jobs", r => r.Headers.Host = $"{name}:{host.Address.Port}")).StatusCode);
        foreach (var origin in new[] { "http://evil.example", "null", "https://127.0.0.1", $"http://127.0.0.1:{host.Address.Port + 1}", "http://localhost.evil.example" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(host, HttpMethod.Post, "/api/jobs", r => r.Headers.Add("Origin", origin), "{}")).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(host, HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1", r => r.Headers.Add("Origin", origin), "")).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, await SocketAsync(host, origin));
        }

        Assert.Equal(HttpStatusCode.SwitchingProtocols, await SocketAsync(host, host.Address.ToString().TrimEnd('/')));

        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(host, HttpMethod.Post, "/api/jobs", r => r.Headers.Add("Sec-Fetch-Site", "cross-site"), "{}")).StatusCode);
        // A form of another site's page can send this without asking.
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await SendAsync(host, HttpMethod.Post, "/api/jobs", r => r.Content!.Headers.ContentType = new MediaTypeHeaderValue("text/plain"), "{}")).StatusCode);
        Assert.Empty((await host.Http.GetFromJsonAsync<JsonElement>("/api/jobs")).EnumerateArray());
    }

    // Pages may open sockets to anywhere, and browsers ask nobody: only the answer to the first request can refuse.
    private static async Task<HttpStatusCode> SocketAsync(HostProcess host, string origin)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Origin", origin);
        try
        {
            await socket.ConnectAsync(new UriBuilder(host.Address) { Scheme = "ws", Path = "/_blazor" }.Uri, CancellationToken.None);
        }
        catch (WebSocketException)
        {
            // The status tells.
        }

        return socket.HttpStatusCode;
    }

    [Fact]
    public async Task What_is_too_large_or_no_submission_is_refused_without_being_read()
    {
        using var workspace = new Workspace();
        using var host = await HostProcess.StartAsync(workspace);
        // A gigabyte, of which the host takes next to nothing.
        using var content = new StreamContent(new Endless(1L << 30));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentLength = 1L << 30;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/jobs") { Content = content };
        request.Headers.ExpectContinue = true;
        try
        {
            using var answer = await host.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        }
        catch (HttpRequestException)
        {
            // The connection was closed in the middle of it: as good.
        }

        foreach (var (body, reason) in new[]
        {
            ("{", ""), ("[]", ""), ("null", ""), ("{\"input\":[]}", "input"), ("{\"top\":\"x\"}", ""), ("{\"top\":0}", "--top"), ("{\"year\":\"12\"}", "--year"), ("{\"sinks\":\"nope\"}", "--sink"),
            ("{\"inputs\":[\"nothing.csv\"]}", "no file"), ("{\"regions\":\"mars\"}", "--regions"), ("{\"inputs\":[\"http://127.0.0.1/x\"]}", "127.0.0.1"),
            ("{\"source\":\"--allow-private-hosts\"}", "--source"), ("{\"year\":\"--fresh\"}", "--year"),
        })
        {
            using var answer = await host.Http.PostAsync("/api/jobs", new StringContent(body, Encoding.UTF8, "application/json"));
            Assert.True((int)answer.StatusCode is 400 or 422, $"{body}: {(int)answer.StatusCode}");
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Contains(reason, problem.TryGetProperty("detail", out var detail) ? detail.GetString() : "", StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, (await host.Http.GetAsync("/health/ready")).StatusCode);
        var memory = File.ReadLines($"/proc/{host.Id}/status").First(l => l.StartsWith("VmHWM", StringComparison.Ordinal));
        Assert.True(long.Parse(memory.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) < 400_000, memory);
    }

    [Fact]
    public async Task A_host_for_others_asks_for_a_token_and_for_tls()
    {
        using var workspace = new Workspace();
        Assert.Contains("--behind-proxy", (await EtlProcess.RunAsync("host", "--bind", "0.0.0.0", "--output-root", workspace.Out)).ExitsWith(2).Error, StringComparison.Ordinal);
        var token = workspace.In("token");
        File.WriteAllText(token, "correct-horse-battery-staple");
        var port = HostProcess.FreePort();
        // A proxy on this machine publishes what listens to this machine alone.
        using var host = EtlProcess.Start("host", "--behind-proxy", "--port", $"{port}", "--token-file", token, "--input-root", workspace.Root, "--output-root", workspace.Out);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new($"http://127.0.0.1:{port}") };
        Assert.True(await host.UntilAsync(() => Answers(http, "/health/live")));
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/api/jobs")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/metrics")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await http.GetAsync("/")).StatusCode);
        http.DefaultRequestHeaders.Authorization = new("Bearer", "wrong");
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/api/jobs")).StatusCode);
        http.DefaultRequestHeaders.Authorization = new("Bearer", "correct-horse-battery-staple");
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/jobs")).StatusCode);
        http.DefaultRequestHeaders.Authorization = null;
        using var wrong = await http.PostAsync("/login", new FormUrlEncodedContent([new("token", "wrong")]));
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        using var right = await http.PostAsync("/login", new FormUrlEncodedContent([new("token", "correct-horse-battery-staple")]));
        var cookie = right.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/jobs");
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        Assert.Equal(HttpStatusCode.OK, (await http.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task A_host_that_is_never_idle_lets_go_of_jobs_that_are_over()
    {
        using var workspace = new Workspace();
        workspace.Write("page.html", Pages.Of(Pages.Rows));
        using var host = await HostProcess.StartAsync(workspace);
        var first = await host.SubmitAsync(new { inputs = new[] { "page.html" } });
        await host.EndAsync(first);
        Assert.True(RegionsOf(first) > 0, "the journal has no regions of the job: the test shows nothing");
        // One job after the other, without a pause in which there would be leisure.
        var busy = 0;
        await host.UntilAsync(async () =>
        {
            await host.EndAsync(await host.SubmitAsync(new { inputs = new[] { "page.html" }, top = ++busy }));
            return RegionsOf(first) == 0;
        });

        long RegionsOf(string job)
        {
            using var connection = new SqliteConnection($"Data Source={Path.Combine(workspace.Out, ".etl", "journal.db")};Mode=ReadOnly;Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            // What Akka keeps of a deleted journal is one line that says how far it went.
            command.CommandText = $"select count(*) from journal where persistence_id like 'region-{job}-%' and deleted = 0";
            return (long)command.ExecuteScalar()!;
        }
    }

    [Fact]
    public async Task With_a_certificate_it_speaks_tls_alone()
    {
        using var workspace = new Workspace();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        var asked = new CertificateRequest("CN=etl", key, HashAlgorithmName.SHA256) { CertificateExtensions = { names.Build() } };
        using var certificate = asked.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var port = HostProcess.FreePort();
        using var host = EtlProcess.Start(
            "host", "--tls-certificate", workspace.Write("cert.pem", certificate.ExportCertificatePem()), "--tls-key", workspace.Write("key.pem", key.ExportPkcs8PrivateKeyPem()),
            "--port", $"{port}", "--token-file", workspace.In("token"), "--input-root", workspace.Root, "--output-root", workspace.Out);
        using var http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString() },
        })
        { BaseAddress = new($"https://127.0.0.1:{port}") };
        Assert.True(await host.UntilAsync(() => Answers(http, "/health/live")));
        using var refused = await http.GetAsync("/api/jobs");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains(refused.Headers, h => h.Key == "Strict-Transport-Security");
        http.DefaultRequestHeaders.Authorization = new("Bearer", File.ReadAllText(workspace.In("token")).Trim());
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/jobs")).StatusCode);
        using var plain = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };
        await Assert.ThrowsAsync<HttpRequestException>(() => plain.GetAsync("/health/live"));
        // Only its owner reads the token that was made.
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(workspace.In("token")));
    }

    [Fact]
    public async Task It_tells_its_health_its_interface_and_nothing_secret_and_has_the_headers_that_guard_pages()
    {
        using var workspace = new Workspace();
        using var host = await HostProcess.StartAsync(workspace, "--set", "etl.postgres.connection-string=Host=db;Username=me;Password=hunter2;Database=gdp");
        Assert.Equal(HttpStatusCode.OK, (await host.Http.GetAsync("/health/live")).StatusCode);
        Assert.Contains("the journal was written", await host.Http.GetStringAsync("/health/ready"), StringComparison.Ordinal);
        var document = await host.Http.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        Assert.True(document.GetProperty("paths").TryGetProperty("/api/jobs/{id}/cancel", out _));
        Assert.DoesNotContain("hunter2", await host.Http.GetStringAsync("/api/settings"), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", await host.Http.GetStringAsync("/settings"), StringComparison.Ordinal);
        using var page = await host.Http.GetAsync("/");
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", page.Headers.GetValues("X-Frame-Options").Single());
        Assert.DoesNotContain(page.Headers, h => h.Key is "Server" or "X-Powered-By");
    }

    private static bool Answers(HttpClient http, string path)
    {
        try
        {
            return http.GetAsync(path).GetAwaiter().GetResult().IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static Task<HttpResponseMessage> SendAsync(HostProcess host, HttpMethod method, string path, Action<HttpRequestMessage> change, string? body = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        change(request);
        return host.Http.SendAsync(request);
    }

    /// <summary>Spaces, so many.</summary>
    private sealed class Endless(long length) : Stream
    {
        private long left = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, left);
            Array.Fill(buffer, (byte)' ', offset, read);
            left -= read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
