using Etl.Actors.Hosting;
using Etl.Host;
using Etl.Host.Commands;

PhaseClock.Mark("main");
var terminal = Terminal.OfProcess();
using var interruption = Interruption.OfProcess();
var exitCode = await CommandLine.RunAsync(args, terminal, new Runner(), interruption);
await terminal.Out.FlushAsync();
return exitCode;
