using System.Net;
using System.Net.Sockets;
using Etl.Domain.Extract.Fetching;

namespace Etl.Actors.Extract.Fetching;

/// <summary>A host that must not be asked: one of its addresses is of this machine, its network, or nobody's.</summary>
public sealed class ForbiddenHostException(string message) : Exception(message);

/// <summary>
/// Makes connections: resolves the name, checks every address, and connects to what was checked. A name that answers differently the next
/// time (rebinding) is checked the next time too, for nobody resolves it in between.
/// </summary>
/// <param name="resolve">Gives the addresses of a name.</param>
/// <param name="dial">Connects to one of the addresses that were checked.</param>
public sealed class GuardedConnect(
    bool allowPrivate, Func<string, CancellationToken, Task<IPAddress[]>> resolve, Func<IPAddress[], int, CancellationToken, Task<Stream>> dial)
{
    /// <summary>By the system's resolver and sockets.</summary>
    public static GuardedConnect OfSystem(bool allowPrivate) =>
        new(allowPrivate, static (host, cancellation) => Dns.GetHostAddressesAsync(host, cancellation), DialAsync);

    /// <summary>A connection to a host.</summary>
    /// <exception cref="ForbiddenHostException">It must not be asked; nothing was sent.</exception>
    public async Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellation)
    {
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await resolve(host, cancellation).ConfigureAwait(false);
        if (addresses.Length == 0) throw new SocketException((int)SocketError.HostNotFound);
        // Every one: which of them a name leads to must not be its owner's choice.
        if (!allowPrivate)
            foreach (var address in addresses)
                if (HostAddress.NotPublic(address.GetAddressBytes()) is { } kind)
                    throw new ForbiddenHostException($"the host {host} has the address {address}, which is {kind}, and such hosts are not asked; --allow-private-hosts lets it");
        return await dial(addresses, port, cancellation).ConfigureAwait(false);
    }

    private static async Task<Stream> DialAsync(IPAddress[] addresses, int port, CancellationToken cancellation)
    {
        for (var i = 0; ; i++)
        {
            var socket = new Socket(addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(addresses[i], port, cancellation).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (i < addresses.Length - 1)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }
}
