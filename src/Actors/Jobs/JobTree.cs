using Akka.Actor;
using Etl.Actors.Extract;
using Etl.Actors.Protocol;

namespace Etl.Actors.Jobs;

/// <summary>What a coordinator's pace is.</summary>
/// <param name="UnackedWindow">So many batches are under way at most, from issue to durable.</param>
/// <param name="AckDeadline">A batch that is not durable by then is issued again.</param>
/// <param name="CheckpointInterval">Longest time that a completed batch waits for others to share its write.</param>
/// <param name="MaxAttempts">A batch that crashed so many mappers, without a row being found that does it, fails the job.</param>
/// <param name="MaxStalls">Deadlines that may pass in a row without a batch becoming durable; each is twice as long as the one before.</param>
/// <param name="MaxCondemned">More rows than these that crash mappers end the run.</param>
public sealed record JobSettings(int UnackedWindow, TimeSpan AckDeadline, TimeSpan CheckpointInterval, int MaxAttempts, int MaxStalls = 3, int MaxCondemned = 1_000);

/// <summary>The actors that a coordinator talks to.</summary>
public sealed record JobTree(
    IActorRef Jobs, IActorRef Extractors, IActorRef Reducers, IActorRef Loaders, IActorRef Status, SplitReader Reader) : ILocalMessage;
