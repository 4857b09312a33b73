System.Console.WriteLine("etl");
