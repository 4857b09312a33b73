using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Etl.Host.Tests.Outside;

/// <summary>A server that answers what a test wants, byte by byte, as real ones do on bad days.</summary>
internal sealed class LocalServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource over = new();
    private readonly ConcurrentQueue<string> requests = new();
    private readonly Func<int, string, NetworkStream, CancellationToken, Task> answer;
    private int atOnce;
    private int most;

    /// <param name="answer">Gets the number of the request from 1, its head, and the connection, which is closed afterwards.</param>
    public LocalServer(Func<int, string, NetworkStream, CancellationToken, Task> answer)
    {
        this.answer = answer;
        listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Answers the same each time.</summary>
    public LocalServer(byte[] reply) : this((_, _, connection, cancellation) => connection.WriteAsync(reply, cancellation).AsTask())
    {
    }

    /// <summary>The port that it listens on.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>The heads of the requests so far.</summary>
    public string[] Requests => [.. requests];

    /// <summary>Most connections that were open at once.</summary>
    public int MostAtOnce => Volatile.Read(ref most);

    /// <summary>A URL of this server.</summary>
    public string Url(string path = "/page.html") => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}{path}");

    /// <summary>A reply with its length.</summary>
    public static byte[] Reply(string status, byte[] body, params IEnumerable<string> headers) =>
        Raw([$"HTTP/1.1 {status}", $"Content-Length: {body.Length}", "Connection: close", .. headers], body);

    /// <summary>A reply with these lines at its head, whether they are true or not.</summary>
    public static byte[] Raw(IEnumerable<string> head, byte[] body) => [.. Encoding.ASCII.GetBytes(string.Join("\r\n", head) + "\r\n\r\n"), .. body];

    /// <inheritdoc />
    public void Dispose()
    {
        over.Cancel();
        listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await listener.AcceptTcpClientAsync(over.Token));
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        var now = Interlocked.Increment(ref atOnce);
        lock (requests) most = Math.Max(most, now);
        try
        {
            var connection = client.GetStream();
            var head = new StringBuilder();
            var one = new byte[1];
            while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            {
                if (await connection.ReadAsync(one, over.Token) == 0) return;
                head.Append((char)one[0]);
            }

            int number;
            lock (requests)
            {
                requests.Enqueue(head.ToString());
                number = requests.Count;
            }

            await answer(number, head.ToString(), connection, over.Token);
        }
        catch (Exception end) when (end is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Who asked has had enough, or the test is over.
        }
        finally
        {
            Interlocked.Decrement(ref atOnce);
        }
    }
}
