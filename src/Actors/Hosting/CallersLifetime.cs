using Microsoft.Extensions.Hosting;

namespace Etl.Actors.Hosting;

/// <summary>
/// The host lives as long as the run that made it. The default lifetime listens to signals itself, and would stop the actor system
/// behind the back of a run that is told of the same signal by its caller: an interruption would look like a failure.
/// </summary>
public sealed class CallersLifetime : IHostLifetime
{
    /// <inheritdoc />
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
