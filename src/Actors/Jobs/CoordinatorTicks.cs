using Akka.Event;
using Etl.Actors.Protocol;

namespace Etl.Actors.Jobs;

/// <summary>What a coordinator tells itself.</summary>
internal static class CoordinatorTicks
{
    /// <summary>Recovered: begin, or go on.</summary>
    internal sealed class Begin : ILocalMessage
    {
        public static readonly Begin Instance = new();
    }

    /// <summary>Settled batches have waited long enough for others to share their write.</summary>
    internal sealed class CompleteTick : ILocalMessage, IDeadLetterSuppression
    {
        public static readonly CompleteTick Instance = new();
    }

    /// <summary>Look for batches whose deadline has passed.</summary>
    internal sealed class DeadlineTick : ILocalMessage, IDeadLetterSuppression
    {
        public static readonly DeadlineTick Instance = new();
    }
}
